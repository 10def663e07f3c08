/* Text that is not saved yet is kept in the browser, and offered back: to the same user, in the same part, for a week.

   One record per part and open page, under "utkast:<user>:<address>:<page>": when, the part's name, the values as typed,
   and the version that they were written on. A page holds a lock of its own name while it lives, so that what is being
   written in one tab is not offered as lost in another. */
(() => {
  "use strict";
  const VECKA = 7 * 24 * 60 * 60 * 1000;
  const UTANFOR = new Set(["csrfmiddlewaretoken", "version", "avtryck"]);
  const anvandare = document.body.dataset.anvandare;
  const sida = globalThis.crypto?.randomUUID?.() ?? String(Math.random()).slice(2);
  const fore = `utkast:${anvandare}:`;
  navigator.locks?.request(`utkast-${sida}`, () => new Promise(() => {}));

  /* The values of a form as the person sees them: {name: [values]}. */
  function varden(form) {
    const funna = {};
    for (const [namn, varde] of new FormData(form)) {
      if (!UTANFOR.has(namn) && typeof varde === "string") (funna[namn] ??= []).push(varde.replaceAll("\r\n", "\n"));
    }
    return funna;
  }
  // What a cell's input was made from goes along when it is fetched back, but is nothing that a person has typed.
  const skrivna = (varden) => Object.keys(varden).filter((namn) => !namn.startsWith("bas-")).sort();
  const lika = (ena, andra) => JSON.stringify(ena, skrivna(ena)) === JSON.stringify(andra, skrivna(andra));
  const vagen = (form) => form.getAttribute("action");

  function las(nyckel) {
    try {
      return JSON.parse(localStorage.getItem(nyckel));
    } catch {
      return null; // not ours, or cut off: it is thrown away by `alla`
    }
  }

  /* Every record of this user, the newest first; what is older than a week or cannot be read is dropped. */
  function alla() {
    const funna = [];
    for (const nyckel of Object.keys(localStorage).filter((en) => en.startsWith("utkast:"))) {
      const post = las(nyckel);
      if (!post?.tid || Date.now() - post.tid > VECKA) localStorage.removeItem(nyckel);
      else if (nyckel.startsWith(fore) && post.vag) funna.push({ ...post, nyckel });
    }
    return funna.sort((ena, andra) => andra.tid - ena.tid);
  }

  /* Those that no open page is still writing. */
  async function overgivna() {
    const last = (await navigator.locks?.query())?.held ?? [];
    const lever = new Set(last.map(({ name }) => name.replace("utkast-", "")));
    return alla().filter(({ nyckel }) => !lever.has(nyckel.split(":").at(-1)));
  }

  const egen = (form) => `${fore}${vagen(form)}:${sida}`;

  /* Keep what stands in the form, and what of it was sent without an answer. Tells whether there was room for it. */
  function behall(form, obesvarat = []) {
    const { version, avtryck } = form.elements;
    const post = {
      tid: Date.now(), vag: vagen(form), rubrik: form.dataset.rubrik, varden: varden(form),
      version: version?.value, avtryck: avtryck?.value, obesvarat,
    };
    try {
      localStorage.setItem(egen(form), JSON.stringify(post));
      return true;
    } catch (fel) {
      if (fel.name !== "QuotaExceededError") throw fel;
      localStorage.removeItem(egen(form)); // better none than an old one
      return false;
    }
  }

  function kasta(nyckel) {
    localStorage.removeItem(nyckel);
    stada();
  }
  const slang = (form) => kasta(egen(form));
  const nar = (tid) => new Date(tid).toLocaleString("sv-SE", { timeZone: "Europe/Stockholm", dateStyle: "short", timeStyle: "short" });

  /* A form that was sent as a page of its own is taken in when the page that comes back says so. */
  const SKICKAT = "utkast-skickat";
  const skickas = (form) => sessionStorage.setItem(SKICKAT, egen(form));
  function kvittera() {
    const nyckel = sessionStorage.getItem(SKICKAT);
    const vag = nyckel && las(nyckel)?.vag;
    if (!vag || ![...document.querySelectorAll("[data-sparad]")].some((besked) => besked.dataset.sparad === vag)) return;
    sessionStorage.removeItem(SKICKAT);
    localStorage.removeItem(nyckel);
  }

  /* Whether the part now says what was kept; null where it cannot be opened. */
  async function arSparad(post) {
    const svar = await fetch(post.vag).catch(() => null);
    if (!svar?.ok || svar.redirected) return null;
    const form = new DOMParser().parseFromString(await svar.text(), "text/html").querySelector("form[data-utkast]");
    if (form?.hasAttribute("data-delvis")) return allaFinns(varden(form), post.varden);
    return form ? lika(varden(form), post.varden) : null;
  }

  /* Of the budget only the changed cells are kept, and amounts are written with other spaces when they come back. */
  const utanMellanrum = (varden) => (varden ?? []).join().replace(/\s/g, "");
  const allaFinns = (nu, kvar) => Object.entries(kvar).every(([namn, ett]) => utanMellanrum(nu[namn]) === utanMellanrum(ett));

  /* What is fetched back, saved or thrown away is no longer told of, whichever tab did it. */
  const rader = new Map(); // key → row in the list
  function stada() {
    for (const [nyckel, rad] of rader) {
      if (localStorage.getItem(nyckel) !== null) continue;
      const hadeFokus = rad.contains(document.activeElement);
      rad.remove();
      rader.delete(nyckel);
      const ruta = document.getElementById("utkast");
      ruta.hidden = !rader.size;
      if (hadeFokus) (ruta.querySelector("li a") ?? document.getElementById("innehall")).focus();
    }
  }
  addEventListener("storage", stada);

  /* What was left, on any page: where it belongs, and the text itself where it cannot be opened any more. */
  async function beratta() {
    kvittera();
    const ruta = document.getElementById("utkast");
    if (!ruta) return;
    const oppna = new Set([...document.querySelectorAll("form[data-utkast]")].map(vagen));
    for (const post of await overgivna()) {
      if (oppna.has(post.vag)) continue;
      if (await arSparad(post)) localStorage.removeItem(post.nyckel);
      if (localStorage.getItem(post.nyckel) === null) continue; // or fetched back meanwhile
      const rad = ruta.querySelector("template").content.cloneNode(true).firstElementChild;
      rad.querySelector("a").href = post.vag;
      rad.querySelector("a").textContent = post.rubrik;
      rad.querySelector("time").textContent = nar(post.tid);
      const text = Object.values(post.varden).flat().join("\n\n");
      rad.querySelector("pre").textContent = new DOMParser().parseFromString(text, "text/html").body.innerText.trim();
      rad.querySelector("button").addEventListener("click", () => kasta(post.nyckel));
      rader.set(post.nyckel, rad);
      ruta.querySelector("ul").append(rad);
      ruta.hidden = false;
    }
  }

  /* Who has logged in again in another tab has a new CSRF key there: fetch it, so that the next save goes through.
     Gives null where somebody else has logged in there, who is not to save this person's text, false where nobody
     has, and nothing where the page does not say who. */
  async function fornyaNyckel() {
    const svar = await fetch(window.location.href).catch(() => null);
    if (svar?.redirected) return false;
    const hamtad = new DOMParser().parseFromString((await svar?.text().catch(() => "")) ?? "", "text/html");
    const vem = hamtad.body.dataset.anvandare;
    if (vem !== anvandare) return vem ? null : undefined;
    const ny = hamtad.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const gammal of document.querySelectorAll("[name=csrfmiddlewaretoken]")) gammal.value = ny;
    return true;
  }

  window.handlingsplan = { utkast: { behall, slang, kasta, skickas, overgivna, varden, lika, nar, vagen }, fornyaNyckel };
  addEventListener("DOMContentLoaded", beratta);
})();
