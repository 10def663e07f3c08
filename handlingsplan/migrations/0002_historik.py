import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from handlingsplan import historiktriggers
from handlingsplan.historik import berakna_hash, berakna_sigill


def borja_kedjor(apps, schema_editor):
    """Give the plans that were made before there was a history a chain to begin with."""
    handelse_modell = apps.get_model('handlingsplan', 'Handelse')
    for plan in apps.get_model('handlingsplan', 'Handlingsplan').objects.all():
        handelse = handelse_modell(
            plan_id=plan.pk, nummer=1, tid=timezone.now(), modell='handlingsplan.handlingsplan', objekt=str(plan.pk),
            version=plan.version, slag='inlast', falt={},
        )
        handelse.hash = berakna_hash(handelse)
        handelse.save()
        apps.get_model('handlingsplan', 'Historikhuvud').objects.create(
            plan_id=plan.pk, nummer=1, hash=handelse.hash, sigill=berakna_sigill(plan.pk, 1, handelse.hash),
        )


def skapa_triggers(apps, schema_editor):
    historiktriggers.skapa(schema_editor.connection)


def ta_bort_triggers(apps, schema_editor):
    historiktriggers.ta_bort(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('handlingsplan', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Historikhuvud',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nummer', models.PositiveBigIntegerField(default=0, verbose_name='sista nummer')),
                ('hash', models.CharField(blank=True, max_length=64, verbose_name='sista hash')),
                ('sigill', models.CharField(blank=True, max_length=64, verbose_name='sigill')),
                ('plan', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='historikhuvud', to='handlingsplan.handlingsplan', verbose_name='plan')),
            ],
            options={
                'verbose_name': 'historikhuvud',
                'verbose_name_plural': 'historikhuvuden',
                'ordering': ('plan_id',),
            },
        ),
        migrations.CreateModel(
            name='Handelse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nummer', models.PositiveBigIntegerField(verbose_name='nummer')),
                ('tid', models.DateTimeField(verbose_name='tid')),
                ('anvandare_id', models.BigIntegerField(null=True, verbose_name='användarens nummer')),
                ('sittning', models.CharField(blank=True, max_length=32, verbose_name='sittning')),
                ('modell', models.CharField(max_length=100, verbose_name='modell')),
                ('objekt', models.CharField(max_length=40, verbose_name='objekt')),
                ('version', models.PositiveIntegerField(default=0, verbose_name='radens version')),
                ('slag', models.CharField(choices=[('inlast', 'inläst'), ('skapad', 'skapad'), ('andrad', 'ändrad'), ('borttagen', 'borttagen'), ('aterstalld', 'återställd'), ('flyttad', 'flyttad'), ('delad', 'delad'), ('faststalld', 'fastställd')], max_length=20, verbose_name='slag')),
                ('falt', models.JSONField(verbose_name='fält')),
                ('fore_hash', models.CharField(blank=True, max_length=64, verbose_name='föregående hash')),
                ('hash', models.CharField(max_length=64, verbose_name='hash')),
                ('plan', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='historik', to='handlingsplan.handlingsplan', verbose_name='plan')),
            ],
            options={
                'verbose_name': 'händelse',
                'verbose_name_plural': 'händelser',
                'ordering': ('plan_id', 'nummer'),
                'indexes': [models.Index(fields=['plan', 'modell', 'objekt', 'nummer'], name='handelse_per_objekt')],
                'constraints': [models.UniqueConstraint(fields=('plan', 'nummer'), name='handelse_ett_nummer_per_plan', violation_error_message='Planens historik har redan en händelse med det numret.')],
            },
        ),
        migrations.RunPython(borja_kedjor, migrations.RunPython.noop),
        migrations.RunPython(skapa_triggers, ta_bort_triggers),
    ]
