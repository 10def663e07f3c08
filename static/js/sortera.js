/* Sort tables marked data-sorterbar. Without this script the table stands in the order the server gave it.

   <table data-sorterbar>
     <th scope="col" data-sortering="tal">…   the column sorts by numbers; "text" by Swedish order; none: not sortable
     <td data-varde="22109847">221 098,47     what is compared; without it the cell's text is
   Only the first tbody is sorted; sum rows belong in tfoot. An element with data-sorterat in the same
   region (aria-live) is told what happened. */
const ordning = new Intl.Collator("sv", { numeric: true });
const PIL = "http://www.w3.org/2000/svg";

function pil() {
  const svg = document.createElementNS(PIL, "svg");
  svg.setAttribute("class", "sortpil");
  svg.setAttribute("viewBox", "0 0 10 14");
  svg.setAttribute("aria-hidden", "true");
  for (const [klass, d] of [["sortpil__upp", "M5 0l4.5 6h-9z"], ["sortpil__ner", "M5 14L.5 8h9z"]]) {
    const form = document.createElementNS(PIL, "path");
    form.setAttribute("class", klass);
    form.setAttribute("d", d);
    svg.append(form);
  }
  return svg;
}

function varde(rad, kolumn) {
  const cell = rad.cells[kolumn];
  return cell ? (cell.dataset.varde ?? cell.textContent.trim()) : "";
}

/* Numbers before what is no number (okänt, ej aktuellt), whichever way the column is turned. */
function jamfor(a, b, slag, riktning) {
  if (slag !== "tal") return riktning * ordning.compare(a, b);
  const [x, y] = [a, b].map((text) => (text === "" ? NaN : Number(text)));
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.isNaN(x) - Number.isNaN(y);
  return riktning * (x - y);
}

function sortera(tabell, rubrik, kolumn) {
  const slag = rubrik.dataset.sortering;
  const nu = rubrik.getAttribute("aria-sort");
  const fallande = nu === "ascending" || (nu === null && slag === "tal");
  for (const annan of tabell.tHead.querySelectorAll("[aria-sort]")) annan.removeAttribute("aria-sort");
  rubrik.setAttribute("aria-sort", fallande ? "descending" : "ascending");
  const rader = [...tabell.tBodies[0].rows];
  rader.sort((a, b) => jamfor(varde(a, kolumn), varde(b, kolumn), slag, fallande ? -1 : 1));
  tabell.tBodies[0].append(...rader);
  const besked = tabell.closest("[role=region]")?.parentElement.querySelector("[data-sorterat]");
  if (besked) besked.textContent = `Sorterat efter ${rubrik.dataset.namn}, ${fallande ? "fallande" : "stigande"}.`;
}

for (const tabell of document.querySelectorAll("table[data-sorterbar]")) {
  const rad = tabell.tHead.rows[tabell.tHead.rows.length - 1];
  [...rad.cells].forEach((rubrik, kolumn) => {
    if (!rubrik.dataset.sortering) return;
    rubrik.dataset.namn ??= rubrik.textContent.trim().toLocaleLowerCase("sv");
    const knapp = document.createElement("button");
    knapp.type = "button";
    knapp.className = "sortknapp";
    knapp.append(...rubrik.childNodes, pil());
    rubrik.append(knapp);
    knapp.addEventListener("click", () => sortera(tabell, rubrik, kolumn));
  });
}
