"""What is pasted becomes clean markup, and the editor needs no more of the content security policy than it is given."""

from __future__ import annotations

import base64
import hashlib

import pytest
from playwright.sync_api import Locator, expect

from handlingsplan import redigering
from tests.webblasare import SAMORDNARE, Webb, omrade, oppna_i_dokumentet, skrivyta, snart

# What is looked at does not depend on the database: the files of looks are shared out between the two.
pytestmark = pytest.mark.databas("postgresql")

# As Word puts it on the clipboard, shortened: conditional comments, its own namespaces, list paragraphs and styles.
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15">
<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt;} --></style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings></o:OfficeDocumentSettings></xml><![endif]--></head>
<body lang=SV style='tab-interval:65.2pt'><!--StartFragment-->
<h3 style='mso-list:none'><span style='font-family:"Calibri",sans-serif'>Bakgrund<o:p></o:p></span></h3>
<p class=MsoNormal style='margin-bottom:8.0pt;mso-pagination:none'><span style='color:#1F497D;mso-ansi-language:SV'
>Vanlig
 text med <b style='mso-bidi-font-weight:normal'>fetstil</b> och <i>kursiv</i>.<o:p>&nbsp;</o:p></span></p>
<ul style='margin-top:0cm' type=disc><li class=MsoListParagraph style='mso-list:l0 level1 lfo1'>Yttre punkt
<ul type=circle><li class=MsoListParagraph>Inre punkt</li></ul></li></ul>
<table class=MsoTableGrid border=1 style='border-collapse:collapse'><tr><td style='width:50pt'>
<p class=MsoNormal>Cell ett</p></td>
<td><p class=MsoNormal>Cell två</p></td></tr><tr><td>Rad</td><td> </td><td><b>två</b></td></tr></table>
<p class=MsoNormal><img width=1 height=1 src="https://annan.exempel/spar.png" onerror="alert(1)"><a
 href="https://www.inera.se/npo" style='color:red' onclick="alert(2)">Inera</a>
<a href="javascript:alert(3)">fälla</a></p>
<script>alert(4)</script><!--EndFragment--></body></html>"""

# Real Word writes most lists like this: paragraphs that say their level and carry their own bullet.
WORDLISTA = """<p class=MsoNormal>Före</p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
 style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Arial"'>&nbsp;</span></span></span
><![endif]>Ett</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><![if !supportLists]><span
 style='mso-list:Ignore'>o<span>&nbsp;</span></span><![endif]>Ett ett<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
 style='mso-list:Ignore'>·</span><![endif]>Två</p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span
 style='mso-list:Ignore'>1.<span>&nbsp;</span></span><![endif]>Först</p>"""

# Others wrap everything in a <b> that is not bold, and say what is bold with a style.
WEBBEN = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h1>Stor</h1><h2>Mindre</h2>
<p dir="ltr" style="line-height:1.38"><span style="font-weight:400">Vanlig </span><span
 style="font-weight:700;font-style:italic">stark</span></p></b>"""

STADAT = [
    pytest.param(
        WORD,
        "<h3>Bakgrund</h3><p>Vanlig text med <strong>fetstil</strong> och <em>kursiv</em>.</p>"
        "<ul><li><p>Yttre punkt</p><ul><li><p>Inre punkt</p></li></ul></li></ul><p>Cell ett</p><p>Cell två</p>"
        "<p>Rad · <strong>två</strong></p>"
        '<p><a href="https://www.inera.se/npo">Inera</a> fälla</p>',
        id="ord",
    ),
    pytest.param(
        WORDLISTA,
        "<p>Före</p><ul><li><p>Ett</p><ul><li><p>Ett ett</p></li></ul></li><li><p>Två</p></li></ul>"
        '<ol data-type="decimal"><li><p>Först</p></li></ol>',
        id="ords-listor",
    ),
    pytest.param(WEBBEN, "<h3>Stor</h3><h4>Mindre</h4><p>Vanlig <strong><em>stark</em></strong></p>", id="webben"),
]

KLISTRA = """(yta, html) => {
  const urklipp = new DataTransfer();
  urklipp.setData("text/html", html);
  urklipp.setData("text/plain", "text");
  yta.dispatchEvent(new ClipboardEvent("paste", { clipboardData: urklipp, bubbles: true, cancelable: true }));
}"""

KOPIERA = """(yta) => {
  const urklipp = new DataTransfer();
  yta.dispatchEvent(new ClipboardEvent("copy", { clipboardData: urklipp, bubbles: true, cancelable: true }));
  return urklipp.getData("text/html");
}"""


@pytest.fixture
def del_id(demo: None) -> str:
    return f"omrade-{omrade('npo').pk}-beskrivning"


def klistra(yta: Locator, html: str) -> None:
    """In the place of all that stands there."""
    yta.press("ControlOrMeta+a")
    yta.evaluate(KLISTRA, html)


@pytest.mark.parametrize(("urklipp", "lagrat"), STADAT)
def test_what_is_pasted_is_stored_as_clean_markup(webb: Webb, del_id: str, urklipp: str, lagrat: str) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    delen = oppna_i_dokumentet(page, del_id)
    klistra(skrivyta(delen), urklipp)
    delen.get_by_role("button", name="Spara").click()
    expect(page.get_by_role("status")).to_contain_text("Sparat")
    assert omrade("npo").beskrivning == lagrat


def test_what_is_copied_in_the_editor_itself_comes_back_as_it_was(webb: Webb, del_id: str) -> None:
    fore = omrade("npo").beskrivning
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    delen = oppna_i_dokumentet(page, del_id)
    yta = skrivyta(delen)
    yta.press("ControlOrMeta+a")
    urklipp = yta.evaluate(KOPIERA)
    assert "data-pm-slice" in urklipp
    yta.press("Delete")
    expect(yta).to_have_text("")
    klistra(yta, urklipp)
    delen.get_by_role("button", name="Spara").click()
    expect(delen.get_by_role("link", name="Redigera beskrivningen")).to_be_focused()
    assert omrade("npo").beskrivning == fore


def test_the_editor_adds_the_one_style_that_the_policy_admits(webb: Webb, del_id: str) -> None:
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    oppna_i_dokumentet(page, del_id)
    stilar = page.locator("style").all_text_contents()
    hashar = [base64.b64encode(hashlib.sha256(stil.encode()).digest()).decode() for stil in stilar]
    assert [f"'sha256-{hash_}'" for hash_ in hashar] == [redigering.REDIGERARENS_STIL]
    # It is in force: the rule that keeps spaces as they are typed is the style's own.
    assert skrivyta(page.locator(f"#{del_id}")).evaluate("yta => getComputedStyle(yta).whiteSpace") == "break-spaces"


def test_the_guard_notices_a_style_that_the_policy_refuses(
    webb: Webb, del_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control of the two tests above: with another hash the browser refuses the style and says so.
    monkeypatch.setattr(redigering, "REDIGERARENS_STIL", "'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='")
    page = webb.oppna(SAMORDNARE)
    page.goto("/plan/2024/")
    oppna_i_dokumentet(page, del_id)
    snart(page, lambda: any("Content Security Policy" in fel for fel in webb.fel), True)
    webb.fel.clear()
