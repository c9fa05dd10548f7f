/* What is chosen stands in the address after #, so that a view can be linked and the browser's back works. */
const SECTIONS = [
  ["lage", "Läget"], ["vantetider", "Väntetider"], ["produktion", "Produktion"], ["utomlansvard", "Utomlänsvård"],
  ["prognos", "Prognos"], ["kapacitetsgap", "Kapacitetsgap"], ["datakvalitet", "Datakvalitet"], ["definitioner", "Definitioner"],
  ["om", "Om bilden"]
];
const WITHOUT_CHOICES = new Set(["definitioner", "om"]);

/* {section, area, place, month, notes}; what does not exist falls back, and a note says so. */
function parsed(hash) {
  const text = hash.replace(/^#/, "");
  const cut = text.indexOf("?");
  const section = cut < 0 ? text : text.slice(0, cut);
  const given = new URLSearchParams(cut < 0 ? "" : text.slice(cut + 1));
  const choice = { section: "lage", area: "", place: COUNTRY, month: LAST, notes: [] };
  if (SECTIONS.some(function (s) { return s[0] === section; })) { choice.section = section; } else if (section) {
    choice.notes.push("Avsnittet finns inte i bilden. Läget visas.");
  }
  const area = given.get("vardomrade");
  if (area) {
    if (AREAS.some(function (a) { return a.code === area; })) { choice.area = area; } else {
      choice.notes.push("Vårdområdet " + area + " finns inte i bilden. Alla visas.");
    }
  }
  const code = given.get("region");
  const group = given.get("sjukvardsregion");
  const place = code ? REGIONS.find(function (r) { return r.code === code; }) : group ? GROUPS.find(function (g) { return g.code === group; }) : COUNTRY;
  if (place) { choice.place = place; } else { choice.notes.push("Regionen " + (code || group) + " finns inte i bilden. Hela riket visas."); }
  const month = given.get("manad");
  if (month) {
    const found = MONTHS.find(function (m) { return monthCode(m) === month; });
    if (found !== undefined) { choice.month = found; } else {
      choice.notes.push("Månaden " + month + " finns inte i bilden. " + capital(monthName(LAST)) + " visas.");
    }
  }
  return choice;
}

function address(choice, changes) {
  const c = Object.assign({}, choice, changes);
  const query = new URLSearchParams();
  if (c.area) { query.set("vardomrade", c.area); }
  if (c.place.level === "region") { query.set("region", c.place.code); }
  if (c.place.level === "healthcare_region") { query.set("sjukvardsregion", c.place.code); }
  if (c.month !== LAST) { query.set("manad", monthCode(c.month)); }
  const text = query.toString();
  return "#" + c.section + (text ? "?" + text : "");
}

/* The care area of a section that can only show one. */
function oneArea(choice) { return AREAS.find(function (a) { return a.code === choice.area; }) || AREAS[0]; }
function areasShown(choice) { return choice.area ? [oneArea(choice)] : AREAS; }

function placeInWords(place) {
  return place.level === "country" ? "riket" : place.level === "healthcare_region" ? "sjukvårdsregionen " + place.name : place.name;
}

function regionsOf(place) {
  return place.level === "region" ? REGIONS.filter(function (r) { return r.code === place.code; })
    : place.level === "healthcare_region" ? REGIONS.filter(function (r) { return r.group === place.code; }) : REGIONS;
}

function chosenInWords(choice) {
  const area = choice.area ? areaName(choice.area) : "alla vårdområden";
  return "Vårdområde: " + area + ". Region: " + placeInWords(choice.place) + ". Månad: " + monthName(choice.month) + ".";
}
