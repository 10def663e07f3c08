/* One cell: its input, what is saved in it, what stands in its way, and what is said beside it. */
let ord = {};

/* The words and the kinds they make, as the server reads them. What is saved is the server's to say; this is for the eye. */
export const lasOrd = (json) => { ord = JSON.parse(json); };

function slag(text) {
  const rensad = text.normalize("NFC").toLowerCase().replace(/[\s\u00a0\u2000-\u200a\u202f\u205f\u3000]+/g, " ").trim();
  if (!rensad) return "ej_ifyllt";
  return ord[rensad] ?? (/\d/.test(rensad) ? "belopp" : "");
}

const ur = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);

export class Ruta {
  constructor(falt, rad, kolumn) {
    Object.assign(this, { falt, rad, kolumn, namn: falt.name, td: falt.closest("td") });
    this.bas = falt.form.elements[`bas-${falt.name}`];
    this.etikett = falt.labels[0].textContent;
    this.sparad = falt.dataset.bastext; // what the server has, as far as this page knows
    this.vidIngang = falt.value;
    this.skriver = false; // the caret is in the text; else the cell as a whole is chosen
    this.hinder = this.td.dataset.hinder ?? ""; // fel, krock, borta: not sent again before the person has done something
    this.provad = this.hinder ? falt.value : null; // what stood here when the hindrance came
    if (this.hinder === "krock") this.val();
  }

  get text() { return this.falt.value; }
  get andrad() { return this.text.trim() !== this.sparad; }
  get attSpara() { return this.andrad && !(this.hinder && this.text === this.provad) && this.hinder !== "borta"; }
  get beskrivning() { return document.getElementById(`fel-${this.namn}`); }
  get kolumnnyckel() { return this.namn.slice(this.namn.indexOf("-") + 1); }
  get kommentar() { return document.getElementById(`kommentar-${this.namn}`)?.textContent ?? ""; }

  visaSlag() {
    const nu = slag(this.text);
    if (nu) this.td.dataset.slag = nu;
    else delete this.td.dataset.slag;
    this.td.toggleAttribute("data-osparad", this.andrad);
  }

  /* Put a text in the cell that was not typed there. Whoever stands in it as a whole goes on doing so. */
  satt(text) {
    if (this.text !== text) this.falt.value = text;
    this.vidIngang = text;
    if (this.falt === document.activeElement && !this.skriver) this.falt.select();
    this.visaSlag();
  }

  valj() {
    this.skriver = false;
    this.falt.focus();
    this.falt.select();
  }

  redigera() {
    this.skriver = true;
    this.falt.setSelectionRange(this.text.length, this.text.length);
  }

  /* Say what is in the way, beside the cell. */
  hindra(slaget, text) {
    this.fri();
    Object.assign(this, { hinder: slaget, provad: this.text });
    this.td.dataset.hinder = slaget;
    const rad = ur("ruta-besked");
    rad.id = `fel-${this.namn}`;
    rad.querySelector("use").setAttribute("href", slaget === "fel" ? "#i-fel" : "#i-varning");
    rad.querySelector("[data-slag]").textContent = slaget === "fel" ? "Fel: " : "Krock: ";
    rad.querySelector("[data-text]").textContent = text;
    this.falt.after(rad);
    if (slaget === "fel") this.falt.setAttribute("aria-invalid", "true");
    this.beskriv();
    if (slaget === "krock") this.val();
  }

  val() {
    const rad = ur("ruta-val");
    for (const till of rad.querySelectorAll("[data-till]")) till.textContent = ` i ${this.etikett}`;
    rad.querySelector("[data-min]").addEventListener("click", () => this.beslut("ruta:min"));
    rad.querySelector("[data-ta]").addEventListener("click", () => this.beslut("ruta:sparad"));
    this.beskrivning.after(rad);
  }

  beslut(typ) {
    this.valj();
    this.falt.dispatchEvent(new CustomEvent(typ, { bubbles: true, detail: this }));
  }

  fri() {
    this.beskrivning?.remove();
    this.td.querySelector(".ruta__val")?.remove();
    this.falt.removeAttribute("aria-invalid");
    delete this.td.dataset.hinder;
    this.hinder = "";
    this.provad = null;
    this.beskriv();
  }

  beskriv() {
    const id = [`fel-${this.namn}`, `kommentar-${this.namn}`].filter((ett) => document.getElementById(ett));
    if (id.length) this.falt.setAttribute("aria-describedby", id.join(" "));
    else this.falt.removeAttribute("aria-describedby");
  }

  /* What the server says of the cell, when `skickad` was sent. */
  svara({ utfall, text, bas, meddelande }, skickad) {
    const orord = this.text === skickad;
    this.bas.value = bas;
    this.sparad = text;
    if (utfall === "fel") {
      if (orord) this.hindra("fel", meddelande);
    } else if (utfall === "krock" || utfall === "borta") {
      this.hindra(utfall, meddelande);
    } else {
      this.fri();
      if (orord && !(this.skriver && this.falt === document.activeElement)) this.satt(text);
    }
    this.visaSlag();
  }
}
