"""An age span is two ages that the database can check; the text that names it follows from them."""

import django.db.models.functions.comparison
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


def las_texterna(apps, schema_editor):
    """`65-`, `0-17` and `0–17` as ages. Stops at any other text: nobody could know what it counts."""
    Folkmangd = apps.get_model("budget", "Folkmangd")
    for rad in Folkmangd.objects.exclude(alder=""):
        fran, streck, till = rad.alder.replace("–", "-").partition("-")
        if not streck or not fran.isdecimal() or not (till.isdecimal() or not till):
            raise ValueError(f"folkmängd {rad.pk} has the age span {rad.alder!r}; write it as 65- or 0-17 first")
        rad.fran_alder, rad.till_alder = int(fran), int(till) if till else None
        rad.save(update_fields=["fran_alder", "till_alder"])


def skriv_texterna(apps, schema_editor):
    Folkmangd = apps.get_model("budget", "Folkmangd")
    for rad in Folkmangd.objects.exclude(fran_alder=None):
        rad.alder = f"{rad.fran_alder}-{'' if rad.till_alder is None else rad.till_alder}"
        rad.save(update_fields=["alder"])


class Migration(migrations.Migration):

    dependencies = [
        ('budget', '0003_cellkommentar'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='folkmangd', name='folkmangd_en_per_revision'),
        migrations.AlterModelOptions(
            name='folkmangd',
            options={'ordering': ('datum', 'huvudman__kod', '-revision'), 'verbose_name': 'folkmängd', 'verbose_name_plural': 'folkmängder'},
        ),
        migrations.AddField(
            model_name='folkmangd',
            name='fran_alder',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Tomt betyder alla åldrar.', null=True, verbose_name='från ålder'),
        ),
        migrations.AddField(
            model_name='folkmangd',
            name='till_alder',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Tomt betyder och äldre.', null=True, verbose_name='till ålder'),
        ),
        migrations.RunPython(las_texterna, skriv_texterna),
        migrations.RemoveField(model_name='folkmangd', name='alder'),
        migrations.AddField(
            model_name='folkmangd',
            name='alder',
            field=models.GeneratedField(db_persist=True, expression=models.Case(models.When(fran_alder__isnull=True, then=models.Value('')), models.When(then=django.db.models.functions.text.Concat(django.db.models.functions.comparison.Cast('fran_alder', models.CharField(max_length=3)), models.Value('-')), till_alder__isnull=True), default=django.db.models.functions.text.Concat(django.db.models.functions.comparison.Cast('fran_alder', models.CharField(max_length=3)), models.Value('-'), django.db.models.functions.comparison.Cast('till_alder', models.CharField(max_length=3))), output_field=models.CharField(max_length=20)), output_field=models.CharField(max_length=20), verbose_name='åldersspann'),
        ),
        migrations.AlterModelOptions(
            name='folkmangd',
            options={'ordering': ('datum', 'huvudman__kod', 'alder', '-revision'), 'verbose_name': 'folkmängd', 'verbose_name_plural': 'folkmängder'},
        ),
        migrations.AddConstraint(
            model_name='folkmangd',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('fran_alder__isnull', True), ('till_alder__isnull', True)), models.Q(('fran_alder__isnull', False), ('fran_alder__range', (1, 120)), ('till_alder__isnull', True)), models.Q(('fran_alder__gte', 0), ('fran_alder__isnull', False), ('till_alder__gte', models.F('fran_alder')), ('till_alder__isnull', False), ('till_alder__lte', 120)), _connector='OR'), name='folkmangd_aldersspann', violation_error_message='Ett åldersspann går från en lägre ålder till en högre, högst 120; alla åldrar skrivs utan ålder.'),
        ),
        migrations.AddConstraint(
            model_name='folkmangd',
            constraint=models.UniqueConstraint(fields=('huvudman', 'datum', 'alder', 'revision'), name='folkmangd_en_per_revision', violation_error_message='Revisionen finns redan.'),
        ),
    ]
