/* A model's sentence and worked example follow what is typed in the open forms. Without this file they follow the save.

   Every open form is sent with its part's id before each name; the server lays them over what is saved and answers with
   the texts, ready to be shown. Nothing is saved and nothing is computed here. The newest answer wins. */
const PAUS = 400;
const val = document.getElementById("exempelval");
const adress = val?.dataset.rakna;
let timer, pagar;

function snart() {
  clearTimeout(timer);
  timer = setTimeout(rakna, PAUS);
}

async function rakna() {
  clearTimeout(timer);
  pagar?.abort();
  pagar = new AbortController();
  const { signal } = pagar;
  const nyckel = val.querySelector("template").content.querySelector("input"); // not in the form: it is sent by GET without this file
  const falt = [...new FormData(val), [nyckel.name, nyckel.value]];
  for (const form of document.querySelectorAll("main form.redigera")) {
    const del = form.closest("section.del").id;
    for (const [namn, varde] of new FormData(form)) falt.push([`${del}:${namn}`, varde]);
  }
  try {
    const svar = await fetch(adress, { method: "POST", body: new URLSearchParams(falt), signal });
    if (svar.redirected) saga("Du har loggats ut. Logga in i en annan flik.");
    else if (svar.ok) visa(await svar.text());
    else saga("Det gick inte att räkna. Exemplet visar det som är sparat.");
  } catch (fel) {
    if (fel.name === "AbortError") return; // a newer one is on its way
    if (fel.name !== "TypeError") throw fel; // what fetch throws without a connection
    saga("Ingen förbindelse. Exemplet är inte omräknat.");
  }
}

function visa(text) {
  const ny = new DOMParser().parseFromString(text, "text/html");
  for (const nytt of ny.querySelectorAll("[data-svar]")) {
    const har = document.querySelector(`main [data-svar="${nytt.dataset.svar}"]`);
    if (har && har.innerHTML !== nytt.innerHTML) har.replaceChildren(...nytt.childNodes);
  }
}

function saga(text) {
  document.querySelector('main [data-svar="sagt"]').textContent = text;
}

if (adress) {
  document.addEventListener("input", ({ target }) => { if (target.closest("form.redigera")) snart(); });
  document.addEventListener("htmx:afterSettle", snart); // a form was opened, saved or closed
  val.addEventListener("change", rakna);
  val.addEventListener("submit", (event) => {
    event.preventDefault();
    rakna();
  });
}
