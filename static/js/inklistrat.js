/* What is pasted, before the editor reads it: the lists, headings and emphasis of Word and others become plain markup.

   The page's policy lets no inline style be read, not even in a document that is never shown, so every style is first
   renamed to data-style. What the editor has no place for (pictures) it leaves out, and the server cleans again. */
(() => {
  "use strict";
  const LISTRAD = /mso-list:\s*l\d+\s+level(\d)/i;

  function stada(html) {
    if (html.includes("data-pm-slice")) return html; // copied in the editor itself
    const utanStil = html
      .replace(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->|<!\[[^>]*\]>|<o:p>[\s\S]*?<\/o:p>/gi, "")
      .replace(/<[a-z][^>]*>/gi, (tagg) => tagg.replace(/(["'\s/])(style|on[a-z]+)(?=\s*=)/gi, "$1data-$2"));
    const rot = new DOMParser().parseFromString(utanStil, "text/html").body;
    byggListor(rot);
    betona(rot);
    byggRubriker(rot);
    byggRader(rot);
    for (const stycke of rot.querySelectorAll("p")) if (!stycke.textContent.trim()) stycke.remove();
    return rot.innerHTML;
  }

  /* Word has no lists, only paragraphs that say their level and carry their own bullet or number. */
  function byggListor(rot) {
    let oppna = [];
    for (const rad of rot.querySelectorAll("p[data-style*='mso-list']")) {
      const niva = Number(LISTRAD.exec(rad.dataset.style)?.[1] ?? 0);
      if (!niva || rad.closest("li")) continue;
      const marke = rad.querySelector("[data-style*='mso-list:Ignore']");
      const slag = /^\W*[0-9a-z]+[.)]/i.test(marke?.textContent ?? "") ? "ol" : "ul";
      marke?.remove();
      if (rad.previousElementSibling !== oppna[0]?.lista) oppna = [];
      while (oppna.length && (oppna.at(-1).niva > niva || (oppna.at(-1).niva === niva && oppna.at(-1).slag !== slag))) oppna.pop();
      if (oppna.at(-1)?.niva !== niva) {
        const lista = document.createElement(slag);
        if (oppna.length) oppna.at(-1).lista.lastElementChild.append(lista);
        else rad.before(lista);
        oppna.push({ niva, slag, lista });
      }
      const punkt = document.createElement("li");
      oppna.at(-1).lista.append(punkt);
      punkt.append(rad);
    }
  }

  function betona(rot) {
    for (const bit of rot.querySelectorAll("[data-style]")) {
      const stil = `;${bit.dataset.style.replace(/\s/g, "")}`;
      if (bit.matches("b, strong") && /;font-weight:(normal|400)/i.test(stil)) bit.replaceWith(...bit.childNodes);
      if (!bit.matches("span")) continue;
      if (/;font-weight:(bold|[6-9]00)/i.test(stil)) klad(bit, "strong");
      if (/;font-style:italic/i.test(stil)) klad(bit, "em");
    }
  }

  function klad(bit, slag) {
    const ny = document.createElement(slag);
    ny.append(...bit.childNodes);
    bit.append(ny);
  }

  /* The document has two levels of headings within a part: the highest that is pasted, and all below it. */
  function byggRubriker(rot) {
    const rubriker = [...rot.querySelectorAll("h1, h2, h3, h4, h5, h6")];
    const hogst = rubriker.map((rubrik) => rubrik.localName).sort()[0];
    for (const rubrik of rubriker) {
      const ny = document.createElement(rubrik.localName === hogst ? "h3" : "h4");
      ny.append(...rubrik.childNodes);
      rubrik.replaceWith(ny);
    }
  }

  /* The document has no tables. A row of plain cells becomes a line with the cells parted, and a plain cell beside cells
     of paragraphs one of its own, so that no two words grow together. */
  function byggRader(rot) {
    const block = "p, ul, ol, h3, h4, div, table";
    for (const rad of rot.querySelectorAll("tr")) {
      const celler = [...rad.cells].filter((cell) => cell.textContent.trim());
      const enkla = celler.filter((cell) => !cell.querySelector(block));
      for (const cell of enkla) {
        const stycke = document.createElement("p");
        stycke.append(...cell.childNodes);
        cell.append(stycke);
      }
      if (!enkla.length || enkla.length < celler.length) continue;
      const linje = celler[0].firstElementChild;
      for (const cell of celler.slice(1)) {
        linje.append(" · ", ...cell.firstElementChild.childNodes);
        cell.remove();
      }
    }
  }

  document.addEventListener("prose-editor:ready", ({ detail: { editor } }) => {
    editor.setOptions({ editorProps: { ...editor.options.editorProps, transformPastedHTML: stada } });
  });
})();
