// The report: score, matrix and reverts, or one bucket, as the address's fragment says.
const SIZE = 50;
const REVERTS = 20;
const WORDS = { n: "not compliant", e: "not judged", c: "compliant", a: "not applicable" };
const SIGNS = { n: "✕", e: "?", c: "✓", a: "·" };
const PARTS = ["#score", "#buckets", "#drift"];
const WORST = "neca";
const ORDER = ["critical", "high", "medium", "low"];

const lines = find("data").textContent.split("\n").filter((line) => line.trim());
const { controls, reverts: journal } = JSON.parse(lines[0]);
const sentences = [];
const buckets = [];
for (let at = 1; at + 1 < lines.length; at += 2) {
  const [name, region, noun, verdicts] = JSON.parse(lines[at]);
  const codes = new Array(controls.length).fill("");
  const said = new Array(controls.length).fill("");
  for (const [column, code, text] of verdicts) {
    codes[column] = code;
    said[column] = typeof text === "number" ? sentences[text] : text;
    if (typeof text === "string") sentences.push(text);
  }
  buckets.push({ name, region, noun, codes, said, details: lines[at + 1], at: buckets.length });
}
lines.length = 0;
// A sentence where no journal was read.
const reverts = typeof journal === "string" ? [] : journal;
reverts.forEach((each, at) => { each.at = at; });

// A control that judged nothing, such as one of access points where there is none, has no column.
const used = controls.map((_, index) => index).filter((index) => buckets.some((each) => each.codes[index]));
const labels = [...new Set(used.flatMap((index) => controls[index].answers.map(([label]) => label)))].sort();
const severer = (a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity);
const answers = (control, label) => control.answers.some(([own]) => own === label);

// Score: of all verdicts that are either, how many are compliant.
const score = (wanted) => {
  const count = { n: 0, e: 0, c: 0, a: 0 };
  const columns = used.filter((index) => wanted(controls[index]));
  for (const each of buckets) {
    for (const column of columns) if (each.codes[column]) count[each.codes[column]] += 1;
  }
  return count;
};
const share = ({ n, e, c }) => (n + e + c ? Math.floor((100 * c) / (n + e + c)) : 100);
const bars = (caption, heads, list) => table("bars", caption, heads, list.map(([label, count, text]) => [label,
  make("progress", { max: 100, value: share(count), "aria-label": `${label}: ${share(count)} percent compliant` }), text]));
const scores = (noun, list) => bars(`Score by ${noun}`, [noun, "score", "verdicts"], list.map(([label, count]) => [label, count,
  `${share(count)} %, ${number(count.n)} not compliant${count.e ? `, ${number(count.e)} not judged` : ""}`]));
const overview = () => {
  const all = score(() => true);
  const own = buckets.filter((each) => each.noun === "bucket");
  const failing = own.filter((each) => each.codes.includes("n")).length;
  const total = (kind, value, text) => make("div", { class: `total ${kind}` }, make("b", {}, value), text);
  put("totals",
    total("", `${share(all)} %`, "of verdicts compliant"),
    total("", number(own.length), "buckets"),
    total(failing ? "n" : "c", number(failing), "buckets with a finding"),
    total(all.n ? "n" : "c", number(all.n), "not compliant"),
    total(all.e ? "e" : "", number(all.e), "not judged"),
    total("c", number(all.c), "compliant"),
    total("", number(all.a), "not applicable"),
    ...(typeof journal === "string" ? [] : [total("", number(reverts.length), "put back")]));
  put("severities", scores("severity", ORDER.filter((level) => used.some((index) => controls[index].severity === level))
    .map((level) => [level, score((each) => each.severity === level)])));
  put("frameworks", scores("framework", labels.map((label) => [label, score((each) => answers(each, label))])));
  const worst = used.map((index) => [controls[index], score((other) => other === controls[index])])
    .filter(([, count]) => count.n).sort((a, b) => severer(a[0], b[0]) || b[1].n - a[1].n).slice(0, 8);
  put("worst", worst.length ? bars("Controls with findings, the most severe first", ["control", "score", "findings"],
    worst.map(([each, count]) => [`${each.title} (${each.severity})`, count, plural(count.n, "finding")])) : "Nothing is out of order.");
};

// The matrix and its filters
let columns = used;
const head = (column) => make("th", { scope: "col", title: `${controls[column].title} (${controls[column].severity})` },
  make("span", { class: "turn" }, controls[column].stem.replace(/^bucket_/, "")));
const cell = (each, column) => {
  const code = each.codes[column];
  if (!code) return make("td", {});
  return make("td", { title: `${controls[column].stem}: ${each.said[column]}` },
    make("span", { class: `cell ${code}`, role: "img", "aria-label": WORDS[code] }, SIGNS[code]));
};
const matrix = paged(SIZE, buckets, (part) => {
  put("matrix", table("matrix", "Compliance of each bucket with each control", ["Bucket", ...columns.map(head)], part.map((each) => make("tr", {},
    make("th", { scope: "row" }, make("a", { href: `#bucket-${each.at}` }, each.name), each.region ? make("span", { class: "soft" }, ` ${each.region}`) : ""),
    ...columns.map((column) => cell(each, column))))));
  find("shown").textContent = `${number(matrix.rows.length)} of ${plural(buckets.length, "name")}, ${plural(columns.length, "control")}`;
});
const filter = () => {
  const [text, code, stem, level, label, region] = ["search", "compliance", "control", "severity", "framework", "region"].map((id) => find(id).value);
  const part = text.trim().toLowerCase();
  columns = used.filter((index) => (!stem || controls[index].stem === stem)
    && (!level || controls[index].severity === level) && (!label || answers(controls[index], label)));
  matrix.rows = buckets.filter((each) => (!part || each.name.toLowerCase().includes(part)) && (!region || each.region === region)
    && columns.some((column) => each.codes[column] && (!code || each.codes[column] === code)));
  matrix.page = 0;
  matrix.draw();
};

// What was put back
const history = paged(REVERTS, reverts, (part) => put("reverts", LEGEND.cloneNode(true), timeline(part, true), reverted(part, true)));
const past = (list) => (list.length ? [LEGEND.cloneNode(true), timeline(list, false), reverted(list, false)]
  : [make("p", { class: "soft" }, typeof journal === "string" ? journal : "Nothing was put back.")]);

// One bucket
const plan = (found) => {
  if (typeof found === "string") return make("p", { class: "soft" }, `No plan: ${found}`);
  return make("details", {}, make("summary", {}, `Plan: ${found.map((step) => step.call).join(", ") || "nothing"}`), ...found.map((step) => diff(step.diff)));
};
const readable = (found) => {
  let opened = found;
  if (typeof found === "string") {
    try { opened = JSON.parse(found); } catch { return found; }
  }
  return JSON.stringify(opened, null, 2);
};
const detail = (each) => {
  const { documents, plans } = JSON.parse(each.details);
  const rows = used.filter((column) => each.codes[column]).sort((a, b) =>
    WORST.indexOf(each.codes[a]) - WORST.indexOf(each.codes[b]) || severer(controls[a], controls[b]));
  const names = Object.keys(documents).sort();
  put("detail", make("p", { class: "back" }, make("a", { href: "#buckets" }, "Back to all buckets")),
    make("h2", { id: "h-detail", tabindex: "-1" }, each.name),
    make("p", { class: "soft" }, [each.noun, each.region].filter(Boolean).join(", ")),
    wide("Verdicts", table("verdicts", "Verdicts, the worst first", ["Control", "Severity", "Compliance", "What was found"], rows.map((column) => make("tr", {},
      make("th", { scope: "row" }, controls[column].stem, make("div", { class: "soft" }, controls[column].answers.map((pair) => pair.join(" ")).join(", "))),
      make("td", {}, controls[column].severity),
      make("td", {}, make("span", { class: `tag ${each.codes[column]}` }, WORDS[each.codes[column]])),
      make("td", {}, each.said[column], ...(plans[controls[column].stem] === undefined ? [] : [plan(plans[controls[column].stem])])))))),
    ...(each.noun === "bucket" ? [make("h3", {}, "Drift that was put back"), ...past(reverts.filter((other) => other.bucket === each.name))] : []),
    make("h3", {}, "Configuration as it was read"),
    ...names.map((name) => documents[name] === null
      ? make("p", { class: "soft" }, `${words(name)}: not set`)
      : make("details", {}, make("summary", {}, words(name)), make("pre", { tabindex: "0" }, readable(documents[name])))));
};

const route = (event) => {
  const [, kind, at] = /^#(bucket|revert)-(\d+)$/.exec(location.hash) ?? [];
  const each = kind === "bucket" ? buckets[Number(at)] : undefined;
  find("overview").hidden = Boolean(each);
  find("detail").hidden = !each;
  if (each) {
    detail(each);
    find("h-detail").focus();
    scrollTo(0, 0);
  } else if (kind === "revert" && reverts[Number(at)]) {
    history.page = Math.floor(Number(at) / REVERTS);
    history.draw();
    find(`revert-${at}`).focus();
  } else if (event && PARTS.includes(location.hash)) find(location.hash.slice(1)).focus();
};

const options = (id, list) => find(id).append(...list.map((each) => make("option", {}, each)));
options("control", used.map((index) => controls[index].stem));
options("framework", labels);
options("region", [...new Set(buckets.map((each) => each.region).filter(Boolean))].sort());
put("pages", ...matrix.buttons);
if (reverts.length > REVERTS) put("revert-pages", ...history.buttons);
let waiting = 0;
find("filters").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });
find("filters").addEventListener("reset", () => setTimeout(filter, 0));
find("filters").addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", route);
let closed = [];
addEventListener("beforeprint", () => {
  matrix.draw(true);
  if (reverts.length) history.draw(true);
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const each of closed) each.open = true;
});
addEventListener("afterprint", () => {
  matrix.draw();
  if (reverts.length) history.draw();
  for (const each of closed) each.open = false;
});
overview();
matrix.draw();
if (reverts.length) history.draw();
else put("reverts", ...past([]));
route();
document.documentElement.dataset.ready = String(Math.round(performance.now()));
