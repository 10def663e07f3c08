/* The budget as a grid: without this file it is a form of inputs with a button, and it stays one with it.

   The pattern is a plain table with labelled inputs and the keys of a spreadsheet on top – not role="grid". In a table a
   screen reader reads row and column headings and moves by cell with its own keys, Tab goes through the inputs as in any
   form, and the keys here come into play only while an input has focus. A grid role would take all of that away and ask
   for it to be built again.

   A cell that is reached by a key is chosen as a whole: what is typed replaces it, arrows leave it. F2, a click or the
   first character put the caret in its text; then the sideways arrows are the caret's until it stands outermost. */
import { beratta, lagg, las } from "./rutnat/inklistring.js";
import { foljNarvaro } from "./rutnat/narvaro.js";
import { Ruta, lasOrd } from "./rutnat/ruta.js";
import { Sparare } from "./rutnat/sparande.js";
import { Svar } from "./rutnat/svar.js";
import { dit } from "./rutnat/tangenter.js";
import { Rad } from "./rutnat/rad.js";
import { erbjud } from "./rutnat/utkast.js";

const form = document.querySelector("form.rutnat");
const tabell = form.querySelector("table");
lasOrd(form.dataset.ord);

const rader = [...tabell.tBodies[0].rows].map((tr, rad) => [...tr.querySelectorAll("td")].map((td, kolumn) => {
  const falt = td.querySelector("input[type=text]");
  return falt && new Ruta(falt, rad, kolumn);
}));
const rutor = rader.flat().filter(Boolean);
const perFalt = new Map(rutor.map((ruta) => [ruta.falt, ruta]));
const steg = []; // what can be undone, the newest last: [{ ruta, fore }]

const svar = new Svar(form, rutor, () => rad.visaSumma());
const sparare = new Sparare(form, rutor, vidSvar);
const rad = new Rad(form, { angra, sparare, steg, svar });
let inklistrat = null; // the step of the paste that is told of

for (const ruta of rutor) ruta.visaSlag();

/* --- moving and writing ------------------------------------------------------------------------------------------ */

let pekad = false; // with a pointer the caret goes where one points
tabell.addEventListener("pointerdown", (event) => { pekad = perFalt.has(event.target); });
addEventListener("pointerup", () => { pekad = false; });
tabell.addEventListener("dblclick", ({ target }) => { if (perFalt.has(target)) perFalt.get(target).skriver = true; });

tabell.addEventListener("focusin", ({ target }) => {
  const ruta = perFalt.get(target);
  if (!ruta) return;
  ruta.vidIngang = ruta.text;
  ruta.skriver = pekad;
  if (!pekad) ruta.falt.select();
  rad.visaCell(ruta);
});
tabell.addEventListener("focusout", ({ target }) => {
  const ruta = perFalt.get(target);
  if (ruta) lamna(ruta);
});

/* What was written in a cell is done with: it can be undone, and it is saved. */
function lamna(ruta) {
  ruta.skriver = false;
  if (ruta.text === ruta.vidIngang) {
    if (ruta.attSpara) sparare.snart(); // what was saved is written in another way than it was typed
    return;
  }
  steg.push([{ ruta, fore: ruta.vidIngang }]);
  ruta.vidIngang = ruta.text;
  if (!ruta.andrad) ruta.fri();
  andrat();
  sparare.snart();
}

function andrat() {
  sparare.behall();
  svar.snart();
  rad.visa();
}

tabell.addEventListener("input", ({ target }) => {
  const ruta = perFalt.get(target);
  if (!ruta) return;
  ruta.skriver = true;
  ruta.visaSlag();
  andrat();
});

tabell.addEventListener("keydown", (event) => {
  const ruta = perFalt.get(event.target);
  if (!ruta) return;
  const { key, shiftKey, ctrlKey, metaKey } = event;
  if (key === "F2") {
    event.preventDefault();
    if (shiftKey) rad.tillLankarna();
    else ruta.redigera();
  } else if (key === "Escape" && !event.isComposing) {
    ruta.satt(ruta.vidIngang);
    ruta.valj();
    andrat();
  } else if ((ctrlKey || metaKey) && !shiftKey && key.toLowerCase() === "z" && !ruta.skriver) {
    event.preventDefault();
    angra();
  } else {
    const hit = dit(event, ruta, rader);
    if (!hit) return;
    event.preventDefault();
    if (hit === ruta) lamna(ruta);
    hit.valj();
  }
});

/* --- paste, undo ------------------------------------------------------------------------------------------------- */

tabell.addEventListener("paste", (event) => {
  const ruta = perFalt.get(event.target);
  const text = event.clipboardData.getData("text/plain");
  if (!ruta || !text) return;
  const block = las(text);
  const enda = block.length === 1 && block[0].length === 1;
  if (enda && ruta.skriver) return; // into the text where the caret stands: the browser's own
  event.preventDefault();
  lamna(ruta);
  const hit = lagg(block, ruta, rader);
  steg.push(hit.plats.map(([en]) => ({ ruta: en, fore: en.text })));
  for (const [en, varde] of hit.plats) {
    en.skriver = false;
    en.satt(varde);
    if (!en.andrad) en.fri();
  }
  if (!enda) visaInklistrat(beratta(hit));
  andrat();
  sparare.snart();
});

function visaInklistrat(text) {
  inklistrat = steg.at(-1);
  const ruta = document.getElementById("rutnat-inklistrat").content.firstElementChild.cloneNode(true);
  ruta.querySelector("[data-text]").textContent = text;
  ruta.querySelector("[data-angra-inklistrat]").addEventListener("click", angra);
  ruta.querySelector("[data-stang]").addEventListener("click", () => { ruta.remove(); rad.cell?.valj(); });
  form.querySelector("[data-besked]").replaceChildren(ruta);
}

/* Put back what stood in the cells of the newest step; that is a change, saved and told of like any other. */
function angra() {
  const de = steg.pop();
  if (!de) return;
  for (const { ruta, fore } of de) {
    const nytt = ruta.hinder === "krock" ? ruta.sparad : fore; // what somebody else has saved is not undone
    ruta.satt(nytt);
    if (!ruta.andrad) ruta.fri();
  }
  if (de === inklistrat) form.querySelector("[data-besked]").replaceChildren();
  (de.some(({ ruta }) => ruta === rad.cell) ? rad.cell : de[0].ruta).valj();
  rad.saga(`Ångrat: ${de.length === 1 ? `${de[0].ruta.etikett}, ${de[0].ruta.text || "ej ifyllt"}` : `${de.length} celler`}.`);
  andrat();
  sparare.snart();
}

/* --- saving ------------------------------------------------------------------------------------------------------ */

async function vidSvar(gick, klart) {
  rad.visa();
  rad.iSikte(); // what is said beside a cell makes its row higher
  form.querySelector("[data-angra-inklistrat]")?.toggleAttribute("hidden", steg.at(-1) !== inklistrat);
  if (sparare.hinder) return rad.sagaHinder();
  const hindrade = gick.filter(({ utfall }) => ["fel", "krock", "borta"].includes(utfall));
  const sparade = gick.filter(({ utfall }) => utfall === "sparad");
  // What was just saved comes to: told once, not at every key.
  if (sparade.length && svar.inaktuellt) await svar.hamta();
  const delar = [];
  if (klart) delar.push(`Sparat ${klart}. ${svar.iOrd(new Set(sparade.map(({ ruta }) => ruta.kolumnnyckel)))}`);
  if (hindrade.length > 3) delar.push(`${hindrade.length} celler är inte sparade. Vid varje cell står varför.`);
  else for (const { ruta, meddelande } of hindrade) delar.push(`Inte sparat. ${ruta.etikett}: ${meddelande}`);
  return delar.length ? rad.saga(delar.join(" ")) : null;
}

form.addEventListener("ruta:min", ({ detail: ruta }) => {
  ruta.fri();
  andrat();
  sparare.snart(0);
});
form.addEventListener("ruta:sparad", ({ detail: ruta }) => {
  steg.push([{ ruta, fore: ruta.text }]);
  ruta.fri();
  ruta.satt(ruta.sparad);
  andrat();
});

/* The button: what is left is saved first. With nothing in the way one is done; else the ordinary page says what is. */
form.addEventListener("submit", async (event) => {
  const { submitter } = event;
  if (sparare.pagar || sparare.attSpara({ aven: true }).length) {
    event.preventDefault();
    await sparare.pagar;
    await sparare.spara({ aven: true });
    if (sparare.hinder) return rad.sagaHinder();
    return setTimeout(() => form.requestSubmit(submitter)); // not while the form is being submitted: it would not hear it
  }
  if (sparare.osparade.length) return sparare.skickas();
  event.preventDefault();
  return location.assign(submitter.dataset.klar);
});
document.querySelector("[data-kolumnval]").addEventListener("submit", async (event) => {
  if (!sparare.attSpara({ aven: true }).length && !sparare.pagar) return;
  event.preventDefault();
  await sparare.pagar;
  await sparare.spara({ aven: true });
  event.target.submit();
});

addEventListener("online", () => {
  sparare.spara();
  svar.snart();
});
document.addEventListener("visibilitychange", () => { if (document.hidden || sparare.hinder) sparare.spara(); });
addEventListener("pageshow", ({ persisted }) => { if (persisted) sparare.spara(); });
addEventListener("pagehide", () => sparare.lamna());

/* --- when the grid is opened --------------------------------------------------------------------------------------- */

if (sparare.osparade.length) andrat(); // the page came back with what could not be saved
foljNarvaro(form);
erbjud({ form, rutor, svar, andrat, sparare, steg });
perFalt.get(document.getElementById(decodeURIComponent(location.hash.slice(1))))?.valj();
rad.visa();
