"""A plan out to Excel and back."""

from django.urls import path

from rapport.views import excel

urlpatterns = [
    path("plan/<int:till_ar>/excel/", excel.plan_excel, name="plan_excel"),
    path("plan/<int:till_ar>/excel/plan.xlsx", excel.plan_xlsx, name="plan_xlsx"),
]
