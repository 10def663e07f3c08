/* Editing in the document's own place. Without this file every pencil leads to a page that does the same.

   htmx fetches that page and puts its part where the part stood. Here: the editor is started in what came in,
   focus follows, an answer without the part (a log-in page, say) never replaces what is being written, and
   activities can be dragged. */
const UTLOGGAD = "Du har loggats ut. Det du skrev står kvar. Logga in i en annan flik och spara sedan här igen.";
const BESKED = "besked"; // what an answer said that is fetched anew as a page of its own
const REDIGERARE = "[data-django-prose-editor-configurable]";

async function starta(rot) {
  for (const lista of rot.querySelectorAll("[data-flyttbar]")) gorFlyttbar(lista);
  const rutor = [...rot.querySelectorAll(REDIGERARE)];
  if (rutor.length) {
    const { createEditor } = await import("django-prose-editor/configurable");
    await Promise.all(rutor.map((ruta) => createEditor(ruta)));
  }
  rot.dispatchEvent(new Event("del:startad", { bubbles: true }));
}

/* --- htmx ---------------------------------------------------------------------------------------------- */

// A part that is edited in its place is no page of its own (hx-push-url="false" says so; htmx 2.0.10 does not hear it),
// and it can be used from the moment it is seen.
Object.assign(window.htmx.config, { historyEnabled: false, defaultSettleDelay: 0 });

function saga(rubrik, text) {
  const ruta = document.createElement("div");
  ruta.className = "meddelande meddelande--fel";
  ruta.setAttribute("role", "alert");
  ruta.dataset.intesparat = "";
  ruta.innerHTML = '<svg class="ikon" aria-hidden="true"><use href="#i-fel"/></svg><div><strong></strong> <span></span></div>';
  ruta.querySelector("strong").textContent = rubrik;
  ruta.querySelector("span").textContent = text;
  document.getElementById("meddelanden").replaceChildren(ruta);
}

const arSkickat = (detail) => detail.requestConfig.verb !== "get";
const lasSida = (html) => new DOMParser().parseFromString(html, "text/html");

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, serverResponse, xhr } = event.detail;
  if (!target?.id || serverResponse.includes(`id="${target.id}"`)) return;
  event.detail.shouldSwap = false;
  const sida = lasSida(serverResponse);
  // Without anybody logged in it is the log-in page; else the part is no longer in the document, as when its area has left.
  if (arSkickat(event.detail)) {
    if (!sida.body.dataset.anvandare) return saga("Inte sparat.", UTLOGGAD);
    sessionStorage.setItem(BESKED, sida.getElementById("meddelanden").innerHTML.trim()); // the server tells it once only
  }
  return window.location.assign(xhr.responseURL);
});
document.addEventListener("htmx:responseError", async (event) => {
  const { xhr, elt, requestConfig } = event.detail;
  if (!arSkickat(event.detail)) return saga("Det gick inte att öppna.", "Ladda om sidan och försök igen.");
  const fornyad = xhr.status === 403 ? await fornya(elt) : null;
  if (fornyad) return elt.requestSubmit(requestConfig.triggeringEvent?.submitter);
  if (fornyad === false) return saga("Inte sparat.", UTLOGGAD);
  const skal = xhr.status < 500 && lasSida(xhr.response).querySelector(".felsida p:not(.felsida__kod)")?.textContent;
  saga("Inte sparat.", `${skal || "Något gick fel hos oss. Försök igen om en stund."} Det du skrev står kvar.`);
});
document.addEventListener("htmx:sendError", (event) => saga(
  arSkickat(event.detail) ? "Inte sparat." : "Det gick inte att öppna.",
  "Ingen förbindelse. Det du skrev står kvar. Försök igen om en stund.",
));

/* A new CSRF key: false where nobody is logged in. Where the save is refused with the new key too, it is not asked for
   once more until the person is. */
async function fornya(form) {
  if (form.dataset.fornyad) {
    delete form.dataset.fornyad;
    return undefined;
  }
  const fornyad = await window.handlingsplan.fornyaNyckel();
  if (fornyad) form.dataset.fornyad = "ja";
  return fornyad;
}

/* --- focus: to what went wrong, what is to be written, or back to what was pressed -------------------------- */

let skickat = null;
let tryckt = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  const { target, elt, requestConfig } = event.detail;
  skickat = target?.id ?? null;
  const knapp = requestConfig.triggeringEvent?.submitter ?? null;
  const rad = elt.closest("li[data-id]")?.dataset.id;
  // A form, and Ångra, lead back to the row in the list where they came from.
  if (rad || !elt.closest("form.redigera, #meddelanden")) tryckt = { rad, titel: (knapp ?? elt).title, adress: elt.getAttribute("href") };
});
document.addEventListener("htmx:afterSettle", async () => {
  const del = skickat && document.getElementById(skickat);
  if (!del) return;
  skickat = null;
  angraHar(del);
  await starta(del);
  // Who has begun to write in another part meanwhile stays there.
  if (!document.activeElement?.closest("form.redigera") || del.contains(document.activeElement)) fokusera(del);
});

function fokusera(del) {
  const skriv = "form.redigera :is([contenteditable=true], input:not([type=hidden]), select, textarea:not(.prose-editor *))";
  const iRaden = tryckt?.rad && del.querySelector(`li[data-id="${tryckt.rad}"]`);
  const igen = iRaden
    ? (iRaden.querySelector(`[title="${tryckt.titel}"]:enabled, a[title="${tryckt.titel}"]`) ?? iRaden.querySelector("button:enabled, a"))
    : tryckt?.adress && del.querySelector(`a[href="${CSS.escape(tryckt.adress)}"]`);
  const angra = tryckt?.rad && !iRaden ? document.querySelector("#meddelanden form button") : null;
  const forst = del.querySelector(".felsammanfattning, [role=alert][tabindex]") ?? del.querySelector(skriv);
  (forst ?? igen ?? angra ?? del.querySelector(".penna") ?? del.querySelector("a, button:enabled"))?.focus();
}

/* Ångra belongs to the part that was just changed, and answers in its place. */
function angraHar(del) {
  for (const form of document.querySelectorAll("#meddelanden form")) {
    for (const { name, value } of del.attributes) if (name.startsWith("hx-")) form.setAttribute(name, value);
    form.setAttribute("hx-boost", "true");
    window.htmx.process(form);
  }
}

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
const besked = sessionStorage.getItem(BESKED);
sessionStorage.removeItem(BESKED);
if (besked) document.getElementById("meddelanden").insertAdjacentHTML("beforeend", besked);
