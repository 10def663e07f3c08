/* The row under the grid: the cell one stands in with its comment and history, how saving goes, and Ångra. */
const PAUS = 600;
const IKON = { klart: "#i-klar", fel: "#i-fel", vantar: "#i-klocka" };
const celler = (n) => (n === 1 ? "En cell" : `${n} celler`);

export class Rad {
  constructor(form, { angra, sparare, steg, svar }) {
    const rad = form.querySelector(".rutnatsrad");
    const del = (namn) => rad.querySelector(`[data-${namn}]`);
    Object.assign(this, { form, sparare, steg, svar, cell: null, rad, del, ogonblick: null });
    this.knapp = rad.querySelector("button[type=submit]");
    this.lankar = [...rad.querySelectorAll("[data-lank]")];
    del("angra").addEventListener("click", angra);
    // What gets focus is never left behind the row.
    new ResizeObserver(() => { document.documentElement.style.scrollPaddingBottom = `${rad.offsetHeight + 8}px`; }).observe(rad);
    del("avbryt").hidden = true; // there is nothing to leave undone: all is saved, and can be undone
    rad.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.cell) this.cell.valj();
    });
  }

  visaCell(ruta) {
    this.cell = ruta;
    requestAnimationFrame(() => this.iSikte());
    this.del("cellrad").hidden = false;
    this.del("cell").textContent = ruta.etikett;
    this.del("cellkommentar").textContent = ruta.kommentar;
    this.del("cellkommentar").hidden = !ruta.kommentar;
    this.visaSumma();
    for (const lank of this.lankar) {
      const adress = ruta.td.querySelector(`[data-${lank.dataset.lank}]`)?.href;
      lank.hidden = !adress;
      if (adress) lank.href = adress;
      lank.querySelector("[data-till]").textContent = ` ${ruta.etikett}`;
    }
    this.del("ord").textContent = ruta.kommentar ? "Ändra kommentaren" : "Kommentera";
  }

  iSikte() {
    if (this.cell?.falt === document.activeElement) this.cell.falt.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /* What the cell's column comes to, in sight wherever one has scrolled. */
  visaSumma() {
    if (this.cell) this.del("cellsumma").textContent = this.svar.kort(this.cell.kolumnnyckel);
  }

  tillLankarna() {
    this.lankar[0].focus();
  }

  /* How it stands, in one line. It is read out only through `saga`, so that it may change while somebody types. */
  visa() {
    const { hinder, senast, osparade } = this.sparare;
    const hindrade = osparade.filter(({ hinder: ett }) => ett).length;
    if (hinder) this.lage("fel", `Inte sparat. ${hinder.text} Det du skrev finns kvar här.`);
    else if (hindrade) this.lage("fel", `${celler(hindrade)} är inte sparad${hindrade === 1 ? ". Läs vid cellen." : "e. Läs vid cellerna."}`);
    else if (osparade.length) this.lage("vantar", senast ? `Sparat ${senast}, sparar strax igen` : "Sparas strax");
    else if (senast) this.lage("klart", `Sparat ${senast}`);
    else this.lage("klart", "Sparas av sig självt");
    this.del("inloggning").hidden = !hinder?.utloggad;
    this.knapp.textContent = osparade.length ? "Spara budgeten" : "Klar";
    const sista = this.steg.at(-1);
    this.del("angra").hidden = !sista;
    this.del("vad").textContent = sista ? ` ${sista.length === 1 ? sista[0].ruta.etikett : `${sista.length} celler`}` : "";
  }

  lage(slag, text) {
    const rad = this.del("status");
    rad.classList.remove("bara-med-skript");
    rad.classList.toggle("sparat--fel", slag === "fel");
    rad.classList.toggle("sparat--vantar", slag === "vantar");
    rad.querySelector("use").setAttribute("href", IKON[slag]);
    if (rad.lastElementChild.textContent !== text) rad.lastElementChild.textContent = text;
  }

  /* Say something to who listens, when it has been quiet for a moment. */
  saga(text) {
    clearTimeout(this.ogonblick);
    this.ogonblick = setTimeout(() => { this.del("saga").textContent = text; }, PAUS);
  }

  sagaHinder() {
    const { text } = this.sparare.hinder;
    if (this.sagt === text) return;
    this.sagt = text;
    this.saga(`Inte sparat. ${text} Det du skrev finns kvar här.`);
  }
}
