/* A part saves by itself: shortly after the writing stops, when a field is left, and when the page is.

   What is not saved yet lies in the browser (utkast.js). Nothing is sent again while an answer is awaited, and after
   a conflict not before the person has chosen. */
const { utkast, fornyaNyckel } = window.handlingsplan;
const PAUS = 1500;
const FORSOK_IGEN = 5000;
const NARVARO = 15000;
const UTLOGGAD = "Du har loggats ut. Logga in i en annan flik, så sparas det här.";
const MAX_KEEPALIVE = 60_000; // what a browser sends of a page that is left: 64 kB of all its requests together
const IKON = { klart: "i-klar", fel: "i-fel", varning: "i-varning" };
const delar = new Map(); // form → Del

function satt(form, namn, varden) {
  for (const falt of [form.elements[namn]].flatMap((ett) => (ett instanceof RadioNodeList ? [...ett] : ett ?? []))) {
    if (falt.type === "checkbox" || falt.type === "radio") falt.checked = varden.includes(falt.value);
    else {
      falt.value = varden[0] ?? "";
      falt.redigerare?.commands.setContent(falt.value);
    }
  }
}

class Del {
  constructor(form) {
    this.form = form;
    this.sparas = form.hasAttribute("data-autospara");
    this.start = utkast.varden(form);
    this.sparat = this.start; // what the server has, as far as this page knows
    this.harSparats = false;
    this.obesvarat = []; // what was sent without an answer: it may lie there, or not
    this.pagar = null;
    this.avbruten = new AbortController();
    const lyssna = { signal: this.avbruten.signal };
    form.addEventListener("input", () => this.skrivet(), lyssna);
    form.addEventListener("focusout", () => this.sparaNu(), lyssna);
    form.addEventListener("change", () => this.sparaNu(), lyssna);
    form.addEventListener("submit", (event) => this.skickas(event), { ...lyssna, capture: true });
    form.querySelector("[data-avbryt]")?.addEventListener("click", (event) => this.avbryt(event), { ...lyssna, capture: true });
    for (const rad of form.parentElement.querySelectorAll("[data-ihop]")) {
      rad.hidden = false;
      rad.querySelector("button").addEventListener("click", () => {
        satt(form, rad.dataset.ihop, [rad.nextElementSibling.innerHTML]);
        form.querySelector("[contenteditable=true], textarea")?.focus();
      }, lyssna);
    }
    this.erbjud();
    this.hej();
  }

  get andrad() {
    return !utkast.lika(utkast.varden(this.form), this.sparat);
  }

  slut() {
    this.avbruten.abort();
    clearTimeout(this.timer);
    clearTimeout(this.narvaro);
    delar.delete(this.form);
  }

  saga(slag, text, { visa = false, krock = false } = {}) {
    const rad = this.form.querySelector("[data-sparat]");
    if (!rad) return;
    rad.classList.toggle("sparat--fel", slag !== "klart");
    // The same words again would only be read out again.
    if (rad.dataset.text !== text) {
      const ikon = rad.querySelector("use");
      ikon.setAttribute("href", `#${IKON[slag]}`);
      rad.querySelector("span").textContent = text;
      rad.dataset.text = text;
    }
    rad.hidden = false;
    const knapp = this.form.querySelector("[data-visa]");
    knapp.hidden = !visa;
    if (visa) knapp.textContent = krock ? "Visa båda texterna" : "Visa vad du kan göra";
  }

  skrivet() {
    if (this.form.inert) return;
    if (!this.andrad) this.somSparat();
    else if (!this.behall()) this.saga("varning", "Texten är för stor för att hållas kvar i webbläsaren. Spara den.");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.spara(), PAUS);
  }

  sparaNu() {
    if (this.andrad) this.spara();
  }

  /* Back at what is saved: nothing is left to save, and nothing may say that something is. A conflict still stands. */
  somSparat() {
    utkast.slang(this.form);
    if (this.sparas && this.form.querySelector(".sparat--fel")) this.saga("klart", this.klart ? `Sparat ${this.klart}` : "Inget är ändrat");
  }

  behall() {
    return utkast.behall(this.form, this.obesvarat);
  }

  spara(flagga = {}) {
    clearTimeout(this.timer);
    if (!this.sparas || !this.andrad || this.form.inert) return this.pagar;
    if (this.pagar && !flagga.sidanStangs) return this.pagar;
    this.pagar = this.skicka(flagga).finally(() => { this.pagar = null; });
    return this.pagar;
  }

  async skicka(flagga, igen = false) {
    const skickat = utkast.varden(this.form);
    const data = new FormData(this.form);
    for (const falt of this.form.querySelectorAll("[data-med-knapp]")) data.set(falt.name, "");
    const kropp = new URLSearchParams(data).toString();
    const tidigare = this.obesvarat;
    this.obesvarat = [...tidigare, skickat].slice(-3);
    const svar = await fetch(utkast.vagen(this.form), {
      method: "POST",
      body: kropp,
      headers: { "X-Autospara": "ja", "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8" },
      keepalive: Boolean(flagga.keepalive) && kropp.length < MAX_KEEPALIVE,
    }).catch(() => null);
    if (this.avbruten.signal.aborted) return;
    if (!svar) return this.senare("Ingen förbindelse.");
    if (svar.redirected) return this.senare(UTLOGGAD);
    if (svar.status === 403 && !igen) {
      const fornyad = await fornyaNyckel();
      if (fornyad) return this.skicka(flagga, true);
      if (fornyad === null) return this.senare("Någon annan är inloggad i den här webbläsaren nu.");
      if (fornyad === false) return this.senare(UTLOGGAD);
    }
    const json = svar.headers.get("Content-Type")?.startsWith("application/json");
    if (!json) return this.senare(await skal(svar), svar.status >= 500);
    const besked = await svar.json().catch(() => null);
    if (!besked) return this.senare("Ingen förbindelse.");
    this.obesvarat = tidigare;
    if (besked.krock && !igen && this.arEget(besked)) return this.skicka(flagga, true);
    if (besked.krock) return this.krock(`${besked.vem} har ändrat samma sak medan du skrev.`, true);
    if (besked.borttagen) return this.krock("Någon annan har tagit bort det här.", false);
    if (besked.version !== undefined) this.godtagen(besked, skickat);
    const fel = Object.entries(besked.fel);
    if (fel.length) return this.saga("fel", `Inte sparat: ${fel.map((par) => par.filter(Boolean).join(": ")).join(" ")}`);
    this.klart = besked.klart || this.klart;
    if (besked.klart) {
      this.saga(besked.obs ? "varning" : "klart", `Sparat ${besked.klart}${besked.obs ? `. ${besked.obs}` : ""}`);
      document.querySelector("#meddelanden > [data-intesparat]")?.remove(); // that the button did not save is no longer so
    }
  }

  /* Whether the conflict is with oneself: what lies there is what this page sent, and its answer never came. */
  arEget({ nu, avtryck }) {
    const eget = this.obesvarat.some((sant) => nu.every(({ namn, varde }) => sammaVarde(sant[namn], [varde].flat())));
    if (eget) this.bas = { ...this.bas, ...Object.fromEntries(nu.map(({ namn }) => [namn, avtryck[namn]])) };
    return eget;
  }

  /* A fingerprint per field of what the form was made from. */
  get bas() {
    return Object.fromEntries(this.form.elements.avtryck.value.split(" ").map((par) => par.split("=")));
  }

  set bas(avtryck) {
    this.form.elements.avtryck.value = Object.entries(avtryck).map((par) => par.join("=")).join(" ");
  }

  /* What to go on from, and what others have written in fields that this person has not touched.

     Where this person has begun to write in one of them meanwhile, its base stands, and the form's version with it:
     on the row's new version the next save would pass over what the other wrote. */
  godtagen({ version, avtryck, andra, fel, klart }, skickat) {
    const nu = utkast.varden(this.form);
    const bas = { ...this.bas, ...avtryck };
    let orort = true;
    for (const { namn, varde } of andra) {
      if (sammaVarde(nu[namn], skickat[namn])) {
        satt(this.form, namn, [varde].flat());
        this.start[namn] = skickat[namn] = [varde].flat();
      } else {
        bas[namn] = this.bas[namn];
        orort = false;
      }
    }
    if (orort) this.form.elements.version.value = version;
    this.bas = bas;
    this.obesvarat = [];
    if (Object.keys(fel).length) return;
    this.sparat = skickat;
    this.harSparats ||= Boolean(klart);
    if (this.andrad) this.skrivet();
    else utkast.slang(this.form);
  }

  senare(text, igen = true) {
    this.behall();
    this.saga("fel", `Inte sparat. ${text} Det du skrev finns kvar här.`);
    if (igen) this.timer = setTimeout(() => this.spara(), FORSOK_IGEN);
  }

  krock(text, bada) {
    this.sparas = false;
    this.behall();
    this.saga("varning", `Inte sparat. ${text}`, { visa: true, krock: bada });
  }

  /* A save by the button waits for the one that is on its way: they would meet as if they were two people's.
     Until its answer comes nothing is written: it would be put away with the form. */
  skickas(event) {
    clearTimeout(this.timer);
    if (!this.pagar) {
      utkast.skickas(this.form);
      this.form.inert = true;
      this.knapp = event.submitter;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    this.pagar.finally(() => this.form.requestSubmit(event.submitter));
  }

  /* The button's save led nowhere: the form is there, and so is what stands in it, which goes on saving by itself. */
  tillbaka() {
    if (!this.form.inert || !this.form.isConnected) return;
    this.form.inert = false;
    this.timer = setTimeout(() => this.spara(), FORSOK_IGEN);
    this.knapp?.focus();
  }

  /* Avbryt: back to what stood here when the part was opened. */
  avbryt(event) {
    clearTimeout(this.timer);
    utkast.slang(this.form);
    if (!this.harSparats && !this.pagar) {
      this.sparas = false;
      this.sparat = utkast.varden(this.form); // given up: not kept again when the page is left
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    Promise.resolve(this.pagar).finally(() => {
      clearTimeout(this.timer);
      for (const namn of new Set([...Object.keys(this.start), ...Object.keys(utkast.varden(this.form))])) {
        satt(this.form, namn, this.start[namn] ?? []);
      }
      clearTimeout(this.timer);
      this.form.querySelector("[data-angra-allt]").click();
    });
  }

  async erbjud() {
    const ruta = this.form.querySelector("[data-erbjud]");
    for (const post of await utkast.overgivna()) {
      if (!ruta || post.vag !== utkast.vagen(this.form)) continue;
      if (utkast.lika(post.varden, utkast.varden(this.form))) {
        utkast.kasta(post.nyckel);
        continue;
      }
      ruta.querySelector("time").textContent = utkast.nar(post.tid);
      ruta.hidden = false;
      ruta.querySelector("[data-hamta]").onclick = () => this.hamta(post, ruta);
      ruta.querySelector("[data-slang]").onclick = () => {
        utkast.kasta(post.nyckel);
        ruta.hidden = true;
        fokusera(this.form);
        this.erbjud();
      };
      return;
    }
  }

  /* The text comes back on the version that it was written on, so that what others did since is shown, not undone. */
  hamta(post, ruta) {
    for (const namn of new Set([...Object.keys(this.start), ...Object.keys(post.varden)])) satt(this.form, namn, post.varden[namn] ?? []);
    for (const namn of ["version", "avtryck"]) if (post[namn]) this.form.elements[namn].value = post[namn];
    ruta.hidden = true;
    this.obesvarat = post.obesvarat ?? [];
    this.behall();
    utkast.kasta(post.nyckel);
    fokusera(this.form);
    this.skrivet();
  }

  /* Who else is here. Silence is no fault: it only means that nobody answers just now. */
  async hej(lamnar = "") {
    const adress = this.form.dataset.narvaro;
    if (!adress || (document.hidden && !lamnar)) return;
    clearTimeout(this.narvaro);
    const data = new URLSearchParams({ csrfmiddlewaretoken: this.form.elements.csrfmiddlewaretoken.value, vag: utkast.vagen(this.form) });
    if (lamnar) data.set("lamnar", "ja");
    const svar = await fetch(adress, { method: "POST", body: data, keepalive: lamnar === "sidan" }).catch(() => null);
    const text = (await svar?.text().catch(() => "")) ?? ""; // read to its end, or the connection stays open
    if (lamnar || this.avbruten.signal.aborted) return;
    if (text && svar.ok && !svar.redirected) this.visaAndra(JSON.parse(text).andra);
    this.narvaro = setTimeout(() => this.hej(), NARVARO);
  }

  visaAndra(andra) {
    const rad = this.form.querySelector("[data-andra]");
    const text = andra.length ? `${andra.join(", ")} är också här just nu.` : "";
    if (!rad || rad.querySelector("span").textContent === text) return;
    rad.querySelector("span").textContent = text;
    rad.hidden = !text;
  }
}

const sammaVarde = (ena, andra) => utkast.lika({ a: ena ?? [] }, { a: andra ?? [] });
const fokusera = (form) => form.querySelector("[contenteditable=true], textarea:not(.prose-editor *), input:not([type=hidden])")?.focus();

async function skal(svar) {
  const sida = new DOMParser().parseFromString(await svar.text().catch(() => ""), "text/html");
  const text = svar.status < 500 && sida.querySelector(".felsida p:not(.felsida__kod)")?.textContent;
  return text || "Något gick fel hos oss.";
}

function folj(rot = document) {
  const sparade = new Set([...document.querySelectorAll("[data-sparad]")].map((besked) => besked.dataset.sparad));
  const oppna = new Set([...document.querySelectorAll("form[data-utkast]")].map(utkast.vagen));
  for (const [form, del] of delar) {
    if (form.isConnected) continue;
    if (sparade.has(utkast.vagen(form))) utkast.slang(form);
    if (!oppna.has(utkast.vagen(form))) del.hej("delen");
    del.slut();
  }
  for (const form of rot.querySelectorAll("form[data-utkast]")) if (!delar.has(form)) delar.set(form, new Del(form));
}

document.addEventListener("del:startad", ({ target }) => folj(target));
document.addEventListener("htmx:afterRequest", ({ detail: { elt } }) => delar.get(elt)?.tillbaka());
addEventListener("online", () => { for (const del of delar.values()) del.sparaNu(); });
document.addEventListener("visibilitychange", () => {
  for (const del of delar.values()) document.hidden ? del.spara({ keepalive: true }) : del.hej();
});
addEventListener("pagehide", () => {
  for (const del of delar.values()) {
    const { andrad } = del;
    del.spara({ keepalive: true, sidanStangs: true });
    if (andrad) del.behall();
    del.hej("sidan");
  }
});
addEventListener("pageshow", () => {
  for (const del of delar.values()) {
    del.tillbaka();
    del.hej();
  }
});
