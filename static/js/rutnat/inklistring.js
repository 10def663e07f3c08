/* A block of cells from a spreadsheet: tab between columns, line break between rows, quotes around what has either. */

export function las(text, medCitat = true) {
  const rader = [[""]];
  let citat = false;
  for (let i = 0; i < text.length; i += 1) {
    const tecken = text[i];
    const rad = rader.at(-1);
    if (citat) {
      if (tecken !== '"') rad[rad.length - 1] += tecken;
      else if (text[i + 1] === '"') { rad[rad.length - 1] += '"'; i += 1; }
      else citat = false;
    } else if (medCitat && tecken === '"' && rad.at(-1) === "") citat = true;
    else if (tecken === "\t") rad.push("");
    else if (tecken === "\n" || tecken === "\r") {
      if (tecken === "\r" && text[i + 1] === "\n") i += 1;
      rader.push([""]);
    } else rad[rad.length - 1] += tecken;
  }
  if (citat) return las(text, false); // it was never closed: a quote mark like any other
  // The line break that a spreadsheet puts after the last row is no row.
  if (rader.length > 1 && rader.at(-1).length === 1 && rader.at(-1)[0] === "") rader.pop();
  // An input has one line; spaces around the value are the cell's, not the amount's.
  return rader.map((rad) => rad.map((varde) => varde.replace(/\s*[\r\n\t]+\s*/g, " ").trim()));
}

/* Where each value goes, from `ruta` rightwards and down: [[cell, value]], and the values that have no cell to go to. */
export function lagg(block, ruta, rader) {
  const plats = [];
  const utan = { utanfor: [], last: [] };
  block.forEach((rad, i) => rad.forEach((varde, j) => {
    const hit = rader[ruta.rad + i]?.[ruta.kolumn + j];
    if (hit) plats.push([hit, varde]);
    else if (varde) utan[hit === null ? "last" : "utanfor"].push(varde);
  }));
  return { plats, ...utan };
}

const VISAS = 20;
const antal = (n) => (n === 1 ? "1 värde" : `${n} värden`);

function uppraknade(varden) {
  const visade = varden.slice(0, VISAS).map((ett) => `”${ett.length > 60 ? `${ett.slice(0, 60)}…` : ett}”`).join(", ");
  return varden.length > VISAS ? `${visade} och ${varden.length - VISAS} till` : visade;
}

/* What happened, in plain sentences. */
export function beratta({ plats, utanfor, last }) {
  const delar = [`Klistrade in ${antal(plats.length)}.`];
  if (utanfor.length) delar.push(`${antal(utanfor.length)} hamnade utanför tabellen och kom inte med: ${uppraknade(utanfor)}.`);
  if (last.length) delar.push(`${antal(last.length)} hörde till celler som inte fylls i och kom inte med: ${uppraknade(last)}.`);
  return delar.join(" ");
}
