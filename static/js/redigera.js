/* Editing in the document's own place. Without this file every pencil leads to a page that does the same.

   htmx fetches that page and puts its part where the part stood. Here: the editor is started in what came in,
   focus follows, an answer without the part (a log-in page, say) never replaces what is being written, and
   activities can be dragged. */
import { createEditor } from "django-prose-editor/configurable";

function starta(rot) {
  for (const ruta of rot.querySelectorAll("[data-django-prose-editor-configurable]")) createEditor(ruta);
  for (const lista of rot.querySelectorAll("[data-flyttbar]")) gorFlyttbar(lista);
}

/* --- htmx ---------------------------------------------------------------------------------------------- */

function saga(text) {
  const rot = document.getElementById("meddelanden");
  rot.replaceChildren();
  const ruta = document.createElement("p");
  ruta.className = "meddelande meddelande--fel";
  ruta.setAttribute("role", "alert");
  ruta.textContent = text;
  rot.append(ruta);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse, xhr, requestConfig } = event.detail;
  if (!target?.id || serverResponse.includes(`id="${target.id}"`)) return;
  event.detail.shouldSwap = false;
  if (requestConfig.verb === "get") {
    window.location.assign(xhr.responseURL);
  } else {
    saga("Inte sparat: du har loggats ut. Det du skrev står kvar. Logga in i en annan flik och spara sedan här igen.");
  }
});
document.addEventListener("htmx:responseError", (event) => {
  const svar = { 403: "du har inte behörighet, eller så har sidan varit öppen för länge.", 404: "det finns inte längre." };
  saga(`Inte sparat: ${svar[event.detail.xhr.status] ?? "något gick fel hos oss."} Det du skrev står kvar.`);
});
document.addEventListener("htmx:sendError", () => saga("Inte sparat: ingen förbindelse. Det du skrev står kvar. Försök igen om en stund."));

let skickat = null;
document.addEventListener("htmx:beforeRequest", (event) => { skickat = event.detail.target?.id ?? null; });
document.addEventListener("htmx:afterSettle", () => {
  const del = skickat && document.getElementById(skickat);
  if (!del) return;
  starta(del);
  skickat = null;
  const fokus = del.querySelector(".felsammanfattning, form.redigera [contenteditable], form.redigera input:not([type=hidden]), form.redigera textarea, .penna, a, button");
  (fokus?.matches("textarea[data-django-prose-editor-configurable]") ? null : fokus)?.focus({ preventScroll: false });
});

/* --- drag an activity with the mouse; the buttons do the same with the keyboard ---------------------------- */

function gorFlyttbar(lista) {
  if (lista.dataset.klar) return;
  lista.dataset.klar = "ja";
  let dragen = null;
  const stada = () => {
    for (const rad of lista.querySelectorAll(".dras, .slapp-efter, .slapp-fore")) rad.classList.remove("dras", "slapp-efter", "slapp-fore");
  };
  for (const rad of lista.querySelectorAll("li[data-id]")) rad.querySelector(".aktivitet__grepp").draggable = true;
  lista.addEventListener("dragstart", (event) => {
    dragen = event.target.closest("li[data-id]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragen.dataset.id);
    dragen.classList.add("dras");
  });
  const mal = (event) => {
    const rad = event.target.closest("li[data-id]");
    if (!dragen || !rad || dragen.contains(rad)) return null;
    const ruta = rad.querySelector(".aktivitet").getBoundingClientRect();
    return { rad, fore: event.clientY < ruta.top + ruta.height / 2 };
  };
  lista.addEventListener("dragover", (event) => {
    const hit = mal(event);
    for (const rad of lista.querySelectorAll(".slapp-efter, .slapp-fore")) rad.classList.remove("slapp-efter", "slapp-fore");
    if (!hit) return;
    event.preventDefault();
    hit.rad.classList.add(hit.fore ? "slapp-fore" : "slapp-efter");
  });
  lista.addEventListener("drop", (event) => {
    const hit = mal(event);
    if (hit) {
      event.preventDefault();
      const form = dragen.querySelector("form[data-flytta]");
      const fore = hit.rad.previousElementSibling?.closest("li[data-id]");
      const efter = hit.fore ? (fore === dragen ? dragen.previousElementSibling : fore) : hit.rad;
      const falt = { foralder: hit.rad.parentElement.closest("li[data-id]")?.dataset.id ?? "0", efter: efter?.dataset.id ?? "0" };
      for (const [namn, varde] of Object.entries(falt)) {
        const dolt = document.createElement("input");
        Object.assign(dolt, { type: "hidden", name: namn, value: varde });
        form.append(dolt);
      }
      form.requestSubmit();
    }
    stada();
    dragen = null;
  });
  lista.addEventListener("dragend", () => { stada(); dragen = null; });
}

starta(document);
