/* The foot of the grid and the parties' shares answer while somebody types. The server computes; the newest answer wins. */
import { fraga } from "./sparande.js";

const PAUS = 300;

export class Svar {
  constructor(form, rutor, vidSvar) {
    Object.assign(this, { form, rutor, vidSvar, fot: form.querySelector("tfoot"), adress: form.dataset.rakna + window.location.search });
    this.rubrik = form.querySelector("[data-summarubrik]");
    this.andelar = [...document.querySelectorAll("[data-andel]")].map((cell) => [cell, cell.textContent]);
    this.rubrik.textContent = "Summa";
  }

  snart() {
    this.inaktuellt = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hamta(), PAUS);
  }

  async hamta() {
    clearTimeout(this.timer);
    this.pagar?.abort();
    this.pagar = new AbortController();
    const falt = this.rutor.filter((ruta) => ruta.andrad)
      .flatMap((ruta) => [[ruta.namn, ruta.text], [ruta.bas.name, ruta.bas.value]]);
    const { json, avbruten } = await fraga(this.form, this.adress, falt, { signal: this.pagar.signal });
    if (avbruten) return null;
    this.rubrik.textContent = json ? "Summa" : "Summa, inte omräknad";
    this.inaktuellt = !json;
    if (json) this.visa(json);
    this.vidSvar();
    return json ?? null;
  }

  /* What is saved now in some cells, and whether it is what `falt` says. Null where there is no answer. */
  async jamfor(falt) {
    const { json } = await fraga(this.form, this.adress, falt);
    return json?.sparade ?? null;
  }

  visa({ summor, taxor, andelar, skal, olasta }) {
    for (const cell of this.fot.querySelectorAll("[data-summa]")) cell.textContent = summor[cell.dataset.summa];
    for (const cell of this.fot.querySelectorAll("[data-taxa]")) cell.textContent = taxor[cell.dataset.taxa];
    for (const [cell, sparad] of this.andelar) {
      const [budgetar, kod] = cell.dataset.andel.split("-");
      cell.textContent = andelar[budgetar][kod] ?? "–";
      cell.toggleAttribute("data-andrad", cell.textContent !== sparad);
    }
    if (olasta) skal.push(`${olasta === 1 ? "En cell" : `${olasta} celler`} går inte att läsa. Där räknas det sparade beloppet.`);
    this.form.querySelector("[data-skal]").replaceChildren(...skal.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  }

  text(slag, kolumn) {
    return this.fot.querySelector(`[data-${slag}="${kolumn}"]`)?.textContent ?? "";
  }

  /* A column's sum and rate, to be seen. */
  kort(kolumn) {
    const taxa = this.text("taxa", kolumn);
    return `Summa ${this.text("summa", kolumn)}${taxa ? ` · ${taxa} öre/inv` : ""}`;
  }

  /* The same of some columns, to be heard. */
  iOrd(kolumner) {
    return [...kolumner].map((kolumn) => {
      const namn = this.rutor.find((ruta) => ruta.kolumnnyckel === kolumn).etikett.split(", ").at(-1);
      const taxa = this.text("taxa", kolumn);
      return `${namn}: ${this.text("summa", kolumn)}${taxa ? `, ${taxa} öre per invånare` : ""}.`;
    }).join(" ");
  }
}
