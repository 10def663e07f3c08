/* What one tries is computed while one types. Without this file the button does the same.

   The form is sent as the button sends it; of the page that comes back, everything marked data-svar is put in its place
   here. Inputs stay as they are, so that nobody's caret moves, and so does the order of a table that one has sorted. */
const PAUS = 300;
const form = document.querySelector("form[data-prova]");
const lage = form.querySelector("[data-lage]");
let timer, pagar;

function snart() {
  clearTimeout(timer);
  timer = setTimeout(rakna, PAUS);
}

async function rakna() {
  pagar?.abort();
  pagar = new AbortController();
  const { signal } = pagar;
  const falt = [...new FormData(form)].filter(([namn]) => namn !== "namn");
  try {
    const svar = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(falt), signal });
    if (svar.redirected) lage.textContent = "Du har loggats ut. Logga in i en annan flik.";
    else if (svar.status === 200 || svar.status === 422) visa(await svar.text());
    else lage.textContent = "Det gick inte att räkna. Ladda om sidan; skriv av det du vill ha kvar.";
  } catch (fel) {
    if (fel.name === "AbortError") return; // a newer one is on its way
    if (fel.name !== "TypeError") throw fel; // what fetch throws without a connection
    lage.textContent = "Ingen förbindelse. Siffrorna är inte omräknade.";
  }
}

function visa(text) {
  const ny = new DOMParser().parseFromString(text, "text/html");
  if (!ny.querySelector("form[data-prova]")) {
    lage.textContent = "Det gick inte att räkna. Ladda om sidan.";
    return;
  }
  for (const nytt of ny.querySelectorAll("[data-svar]")) {
    const har = document.querySelector(`[data-svar="${nytt.dataset.svar}"]`);
    if (!har || har.innerHTML === nytt.innerHTML) continue;
    har.replaceChildren(...nytt.cloneNode(true).childNodes);
    if (nytt.dataset.varde === undefined) delete har.dataset.varde;
    else har.dataset.varde = nytt.dataset.varde;
  }
  for (const nytt of ny.querySelectorAll("[data-visas]")) {
    document.querySelector(`[data-visas="${nytt.dataset.visas}"]`).hidden = nytt.hidden;
  }
  for (const nytt of ny.querySelectorAll("form[data-prova] :is(input, select)[name]:not([type=hidden])")) {
    const har = form.elements[nytt.name];
    if (nytt.hasAttribute("aria-invalid")) har.setAttribute("aria-invalid", "true");
    else har.removeAttribute("aria-invalid");
  }
  const fel = form.querySelectorAll("[aria-invalid]").length;
  lage.textContent = fel ? `${fel === 1 ? "Ett fält" : `${fel} fält`} går inte att läsa och räknas som nu.` : "";
}

form.addEventListener("input", ({ target }) => { if (target.name !== "namn") snart(); });

/* Enter in an amount computes; in the name it saves under that name. */
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.name !== "namn" || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-spara-nytt]"));
});
