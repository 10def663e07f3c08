"""The municipalities of Skåne: inhabitants (SCB, 31 December) and what each pays of the 2024 plan.

The figures are literals on purpose: tests stand by themselves. 2024: 1 750 000 kr, 1:1, per 2022-12-31.
"""

from datetime import date

from budget.fordelning import Enhet, Modell, Part

TOTAL_2024 = 1_750_000_00
REGIONENS_ORE_2024 = 875_000_00

# code, official name, inhabitants 2021-12-31, inhabitants 2022-12-31, share of the 2024 plan in öre
KOMMUNER = (
    ("1214", "Svalövs kommun", 14_412, 14_466, 8_949_68),
    ("1230", "Staffanstorps kommun", 26_242, 26_778, 16_566_75),
    ("1231", "Burlövs kommun", 19_753, 19_882, 12_300_40),
    ("1233", "Vellinge kommun", 37_452, 37_821, 23_398_72),
    ("1256", "Östra Göinge kommun", 14_941, 14_577, 9_018_35),
    ("1257", "Örkelljunga kommun", 10_499, 10_455, 6_468_20),
    ("1260", "Bjuvs kommun", 15_842, 16_062, 9_937_08),
    ("1261", "Kävlinge kommun", 32_341, 32_470, 20_088_22),
    ("1262", "Lomma kommun", 24_638, 24_721, 15_294_14),
    ("1263", "Svedala kommun", 23_222, 23_288, 14_407_59),
    ("1264", "Skurups kommun", 16_419, 16_731, 10_350_97),
    ("1265", "Sjöbo kommun", 19_497, 19_547, 12_093_15),
    ("1266", "Hörby kommun", 15_745, 15_718, 9_724_26),
    ("1267", "Höörs kommun", 16_954, 17_297, 10_701_14),
    ("1270", "Tomelilla kommun", 13_712, 13_812, 8_545_07),
    ("1272", "Bromölla kommun", 12_650, 12_633, 7_815_66),
    ("1273", "Osby kommun", 13_269, 13_238, 8_189_96),
    ("1275", "Perstorps kommun", 7_565, 7_442, 4_604_14),
    ("1276", "Klippans kommun", 17_783, 17_865, 11_052_54),
    ("1277", "Åstorps kommun", 16_308, 16_341, 10_109_69),
    ("1278", "Båstads kommun", 15_636, 15_824, 9_789_84),
    ("1280", "Malmö stad", 351_749, 357_377, 221_098_47),
    ("1281", "Lunds kommun", 127_376, 128_384, 79_427_34),
    ("1282", "Landskrona stad", 46_488, 47_004, 29_079_97),
    ("1283", "Helsingborgs stad", 150_109, 150_975, 93_403_72),
    ("1284", "Höganäs kommun", 27_589, 28_103, 17_386_49),
    ("1285", "Eslövs kommun", 34_593, 34_701, 21_468_47),
    ("1286", "Ystads kommun", 31_560, 31_714, 19_620_50),
    ("1287", "Trelleborgs kommun", 46_231, 46_649, 28_860_34),
    ("1290", "Kristianstads kommun", 86_641, 86_738, 53_662_21),
    ("1291", "Simrishamns kommun", 19_267, 19_074, 11_800_51),
    ("1292", "Ängelholms kommun", 43_633, 44_268, 27_387_29),
    ("1293", "Hässleholms kommun", 52_309, 52_369, 32_399_14),
)

REGION = Part("12", "Region Skåne", "region")
PARTER_2022 = (REGION, *(Part(kod, namn, "kommun", ny) for kod, namn, _, ny, _ in KOMMUNER))
PARTER_2021 = (REGION, *(Part(kod, namn, "kommun", gammal) for kod, namn, gammal, _, _ in KOMMUNER))


def modell(
    andel_region: int = 1, andel_grupp: int = 1, enhet: Enhet = "ore", datum: date = date(2022, 12, 31)
) -> Modell:
    """A model on the inhabitants of *datum*; 1:1 and whole öre unless something else is said."""
    return Modell(andel_region, andel_grupp, enhet, datum, "testets modell")
