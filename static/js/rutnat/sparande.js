/* Cells save by themselves shortly after they are left, and when the page is. Only the changed ones are sent.

   What is not saved lies in the browser too (utkast.js), until the server has said that it has it. */
const { utkast, fornyaNyckel } = window.handlingsplan;
const PAUS = 300;
const FORSOK_IGEN = 20_000;

/* A form as utkast.js reads one, with the cells that are not saved and what they were made from. */
function somForm({ form, rutor }) {
  const egen = document.createElement("form");
  egen.setAttribute("action", form.getAttribute("action"));
  egen.dataset.rubrik = form.dataset.rubrik;
  const lagg = (name, value) => egen.append(Object.assign(document.createElement("input"), { name, value }));
  for (const { namn, text } of rutor) lagg(namn, text);
  lagg("version", JSON.stringify(Object.fromEntries(rutor.map(({ namn, bas }) => [namn, bas.value]))));
  return egen;
}

async function skal(svar) {
  const sida = new DOMParser().parseFromString(await svar.text(), "text/html");
  const text = svar.status < 500 && sida.querySelector(".felsida p:not(.felsida__kod)")?.textContent;
  return text || "Något gick fel hos oss.";
}

/* Ask the server, once more with a new key where somebody has logged in anew. {json}, or {hinder} and whether to try again. */
export async function fraga(form, adress, falt, flagga = {}, igen = false) {
  const body = new URLSearchParams([["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value], ...falt]);
  try {
    const svar = await fetch(adress, { method: "POST", body, ...flagga });
    const fornyad = svar.status === 403 && !igen ? await fornyaNyckel() : null;
    if (svar.redirected || fornyad === false) return { hinder: "Du har loggats ut. Logga in, här eller i en annan flik.", utloggad: true };
    if (fornyad) return fraga(form, adress, falt, flagga, true);
    if (!svar.headers.get("Content-Type")?.startsWith("application/json")) return { hinder: await skal(svar), fast: svar.status < 500 };
    return { json: await svar.json() };
  } catch (fel) {
    if (fel.name === "AbortError") return { avbruten: true };
    if (fel.name !== "TypeError") throw fel; // what fetch throws without a connection
    return { hinder: "Ingen förbindelse." };
  }
}

export class Sparare {
  constructor(form, rutor, vidSvar) {
    Object.assign(this, { form, rutor, vidSvar, pagar: null, hinder: null, senast: "" });
  }

  /* The cells to send. One that is being written in waits until it is left. */
  attSpara({ aven = false } = {}) {
    return this.rutor.filter((ruta) => ruta.attSpara && (aven || !(ruta.skriver && ruta.falt === document.activeElement)));
  }

  get osparade() { return this.rutor.filter((ruta) => ruta.andrad); }

  behall() {
    const rutor = this.osparade;
    const form = somForm({ form: this.form, rutor });
    if (rutor.length) return utkast.behall(form);
    utkast.slang(form);
    return true;
  }

  /* The button sends what is left as a page of its own. */
  skickas() {
    utkast.skickas(somForm({ form: this.form, rutor: this.osparade }));
  }

  snart(paus = PAUS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.spara(), paus);
  }

  /* One save at a time: what is typed meanwhile is sent when the answer has come. */
  spara(val = {}) {
    clearTimeout(this.timer);
    if (this.pagar) return this.pagar;
    const rutor = this.attSpara(val);
    if (!rutor.length) return Promise.resolve();
    this.pagar = this.skicka(rutor).finally(() => {
      this.pagar = null;
      if (!this.hinder && this.attSpara().length) this.snart();
    });
    return this.pagar;
  }

  async skicka(rutor, flagga = {}) {
    const skickat = new Map(rutor.map((ruta) => [ruta, ruta.text]));
    const falt = rutor.flatMap((ruta) => [[ruta.namn, ruta.text], [ruta.bas.name, ruta.bas.value]]);
    const headers = { "X-Autospara": "ja" };
    const { json, hinder, ...mer } = await fraga(this.form, this.form.getAttribute("action"), falt, { headers, ...flagga });
    if (!json) {
      this.hinder = { text: hinder, ...mer };
      if (!mer.fast) this.timer = setTimeout(() => this.spara(), FORSOK_IGEN);
      return this.vidSvar([]);
    }
    this.hinder = null;
    this.senast = json.klart || this.senast;
    const gick = [];
    for (const [ruta, text] of skickat) {
      const en = json.rutor[ruta.namn];
      ruta.svara(en, text);
      gick.push({ ruta, ...en });
    }
    this.behall();
    return this.vidSvar(gick, json.klart);
  }

  /* The page is left: nobody waits for the answer, so all that has no answer yet is sent. Twice the same does no harm. */
  lamna() {
    this.behall();
    const rutor = this.attSpara({ aven: true });
    if (rutor.length) this.skicka(rutor, { keepalive: true });
  }
}
