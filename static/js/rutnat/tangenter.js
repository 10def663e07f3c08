/* Which cell a key leads to. `rader` is the grid as rows of cells, with null where a cell is locked. */

function soka(rader, ruta, drad, dkol) {
  let { rad, kolumn } = ruta;
  do {
    rad += drad;
    kolumn += dkol;
    if (!(kolumn in (rader[rad] ?? []))) return null;
  } while (!rader[rad][kolumn]);
  return rader[rad][kolumn];
}

const forsta = (rutor) => rutor.find(Boolean) ?? null;
const sista = (rutor) => rutor.findLast(Boolean) ?? null;

/* With the caret in the text the sideways arrows belong to it, until it stands outermost. */
function ytterst({ selectionStart, selectionEnd, value }, at) {
  return selectionStart === selectionEnd && selectionStart === (at < 0 ? 0 : value.length);
}

/* The cell to go to, or null where the key is the browser's own. */
export function dit(event, ruta, rader) {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (event.isComposing || altKey) return null;
  if (key === "Enter" && !ctrlKey && !metaKey) return soka(rader, ruta, shiftKey ? -1 : 1, 0) ?? ruta;
  if (shiftKey) return null;
  const strang = ctrlKey || metaKey;
  if (strang) {
    if (ruta.skriver) return null;
    if (key === "Home") return forsta(rader.flat());
    return key === "End" ? sista(rader.flat()) : null;
  }
  if (key === "ArrowUp") return soka(rader, ruta, -1, 0) ?? ruta;
  if (key === "ArrowDown") return soka(rader, ruta, 1, 0) ?? ruta;
  const at = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (at) return ruta.skriver && !ytterst(ruta.falt, at) ? null : (soka(rader, ruta, 0, at) ?? (ruta.skriver ? null : ruta));
  if (ruta.skriver) return null;
  if (key === "Home") return forsta(rader[ruta.rad]);
  return key === "End" ? sista(rader[ruta.rad]) : null;
}
