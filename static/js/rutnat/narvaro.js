/* Who else has the grid open. Silence is no fault: it only means that nobody answers just now. */
const SLAG = 15_000;

export function foljNarvaro(form) {
  const rad = form.querySelector("[data-andra]");
  let timer;

  async function hej(lamnar = false) {
    clearTimeout(timer);
    if (document.hidden && !lamnar) return;
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, vag: location.pathname });
    if (lamnar) body.set("lamnar", "ja");
    const svar = await fetch(form.dataset.narvaro, { method: "POST", body, keepalive: lamnar }).catch(() => null);
    if (lamnar) return;
    if (svar?.ok && !svar.redirected) visa((await svar.json()).andra);
    timer = setTimeout(hej, SLAG);
  }

  function visa(andra) {
    const text = andra.length ? `${andra.join(", ")} är också här just nu.` : "";
    if (rad.querySelector("span").textContent !== text) rad.querySelector("span").textContent = text;
    rad.hidden = !text;
  }

  document.addEventListener("visibilitychange", () => hej());
  addEventListener("pagehide", () => hej(true));
  addEventListener("pageshow", ({ persisted }) => { if (persisted) hej(); });
  hej();
}
