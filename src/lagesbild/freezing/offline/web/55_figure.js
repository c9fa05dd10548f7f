/* A figure: title, summary, "Visa som tabell", the table as a file, graphic, source. Charts are drawn for the width they have. */
let drawn = [];
const ONLY_CSV = "Spara CSV";

/* `spec`: {id, of: names of the tables it is drawn from, title, summary, draw(width) or null, table, notes, span, legend} */
function figure(spec, choice) {
  const tableId = spec.id + "-table";
  const node = el("figure", { class: "fig c" + (spec.span || 12), id: spec.id, "aria-labelledby": spec.id + "-title" });
  const toggle = spec.draw ? el("button", { type: "button", class: "btn toggle", "aria-controls": tableId, "aria-expanded": "false" },
    el("span", { class: "to-table" }, icon("table"), "Visa som tabell"), el("span", { class: "to-chart" }, icon("chart"), "Visa som diagram")) : null;
  const download = el("button", { type: "button", class: "btn save" }, el("span", {}, icon("download"), ONLY_CSV), hidden(": " + spec.title));
  const graphic = spec.draw ? el("div", { class: "graphic" }) : null;
  const box = el("div", { class: "as-table" + (spec.draw ? "" : " only"), id: tableId });
  if (toggle) {
    toggle.append(hidden(": " + spec.title));
    toggle.addEventListener("click", function () {
      const open = node.getAttribute("data-view") !== "table";
      if (open && !box.firstChild) { box.append(tableNode(spec.table)); }
      if (open) { node.setAttribute("data-view", "table"); } else { node.removeAttribute("data-view"); redraw(); }
      toggle.setAttribute("aria-expanded", String(open));
    });
  } else { box.append(tableNode(spec.table)); }
  download.addEventListener("click", function () {
    save(fileName(spec.id, choice, spec.real), csvText(spec.table, [spec.title, spec.summary].concat(about(choice, spec), spec.notes || [])));
    say("Filen sparas.");
  });
  add(node, [
    el("div", { class: "fig-h" }, el("h2", { id: spec.id + "-title" }, spec.title), el("div", { class: "fig-t" }, toggle, download)),
    spec.summary ? el("p", { class: "sum" }, spec.summary) : null,
    spec.real ? el("p", { class: "mark" }, el("span", { class: "real" }, "Verkliga tal")) : null,
    graphic && spec.legend ? el("div", { class: "leg graphic" }, spec.legend) : null, graphic, box,
    (spec.notes || []).map(function (text) { return el("p", { class: "src" }, text); }),
    el("p", { class: "src" }, DATA.stamp.synthetic && !spec.real ? el("b", {}, "Syntetiska data. ") : null, sourceLine(spec.of))
  ]);
  if (graphic) { drawn.push({ holder: graphic, draw: spec.draw, width: 0 }); }
  return node;
}

/* What must follow the numbers wherever they go. */
function about(choice, spec) {
  const s = DATA.stamp;
  return [spec.real ? "Verkliga tal." : s.synthetic ? "Syntetiska data. " + s.synthetic : "", chosenInWords(choice), "Data till och med " + s.until + ". Uttag " + s.as_of + ".",
    s.protected, sourcesOf(spec.of), "Dataversion " + s.version + ". Program " + s.code_version + ".", s.forecast_run].filter(Boolean);
}

/* What a run made has no source of its own: it is counted from these. */
const COUNTED_FROM = { forecasts: ["waits", "production"], gaps: ["waits", "production", "capacity", "brokering"] };

/* Where the numbers of these tables come from, and nobody else's: the whole picture's sources stand in Om bilden. "" for lists and words. */
function sourcesOf(names) {
  const found = new Set(names.flatMap(function (n) { return COUNTED_FROM[n] || [n]; }).flatMap(function (n) { return DATA.tables[n] ? DATA.tables[n].sources : []; }));
  const words = [...found].map(function (s) { return s.replace(/^Syntetiska/, "syntetiska"); });
  return words.length ? (words.length === 1 ? "Källa: " : "Källor: ") + words.join("; ") + "." : "";
}

function sourceLine(names) {
  const s = DATA.stamp;
  return [sourcesOf(names), "Uttag " + s.as_of + ".", s.protected].filter(Boolean).join(" ");
}

/* Every chart whose place has another width than it was drawn for. `paper`: the width to draw for when printing. */
function redraw(paper) {
  for (const d of drawn) {
    const width = paper || Math.floor(d.holder.clientWidth);
    if (width > 0 && width !== d.width) {
      d.width = width;
      d.holder.replaceChildren(d.draw(width, Boolean(paper)));
    }
  }
}

function emptyBox(title, text) { return el("div", { class: "state" }, el("p", {}, el("b", {}, title)), el("p", {}, text)); }
