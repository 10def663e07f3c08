/* What was typed another time and never saved is offered back, beside what is saved now. */
const { utkast } = window.handlingsplan;

/* What was kept, as [[cell, text]], without what is saved by now, stands (or stood) here anyhow, or has no cell here. */
async function kvarUr(post, stod, { rutor, svar }) {
  const perNamn = new Map(rutor.map((ruta) => [ruta.namn, ruta]));
  const varden = Object.entries(post.varden).filter(([namn]) => perNamn.has(namn)).map(([namn, [text]]) => [perNamn.get(namn), text]);
  const falt = varden.flatMap(([ruta, text]) => [[ruta.namn, text], [ruta.bas.name, ruta.bas.value]]);
  const nu = await svar.jamfor(falt);
  // The page may be older than what it left behind was saved: the server knows.
  return varden.filter(([ruta, text]) => text !== stod.get(ruta) && text !== ruta.text && !(nu?.[ruta.namn].lika ?? text.trim() === ruta.sparad));
}

function visa(post, kvar, rutnat) {
  const { form } = rutnat;
  const ruta = document.getElementById("rutnat-utkast").content.firstElementChild.cloneNode(true);
  ruta.querySelector("time").textContent = utkast.nar(post.tid);
  ruta.querySelector("ul").append(...kvar.map(([en, text]) => Object.assign(document.createElement("li"), {
    textContent: `${en.etikett}: ${text.trim() || "ej ifyllt"}. Sparat nu: ${en.sparad || "ej ifyllt"}.`,
  })));
  const klar = (valj) => {
    localStorage.removeItem(post.nyckel);
    ruta.remove();
    valj?.valj();
  };
  ruta.querySelector("[data-hamta]").addEventListener("click", () => {
    hamta(post, kvar, rutnat);
    klar(kvar[0][0]);
  });
  ruta.querySelector("[data-slang]").addEventListener("click", () => klar(rutnat.rutor[0]));
  form.querySelector("[data-erbjudande]").append(ruta);
}

/* The amounts come back on what they were typed on, so that what others have saved since is shown, not undone. */
function hamta(post, kvar, { andrat, sparare, steg }) {
  const baser = JSON.parse(post.version ?? "{}");
  steg.push(kvar.map(([ruta]) => ({ ruta, fore: ruta.text })));
  for (const [ruta, text] of kvar) {
    ruta.bas.value = baser[ruta.namn] ?? ruta.bas.value;
    ruta.satt(text);
  }
  andrat();
  sparare.snart();
}

export async function erbjud(rutnat) {
  const vag = rutnat.form.getAttribute("action");
  const stod = new Map(rutnat.rutor.map((ruta) => [ruta, ruta.text])); // before anybody has written on this page
  for (const post of await utkast.overgivna()) {
    if (post.vag !== vag) continue;
    const kvar = await kvarUr(post, stod, rutnat);
    if (kvar.length) visa(post, kvar, rutnat);
    else localStorage.removeItem(post.nyckel);
  }
}
