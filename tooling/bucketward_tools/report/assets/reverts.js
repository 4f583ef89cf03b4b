// What was put back: drawn as a timeline, one line a bucket, and told in a table.
const LEFT = 230;
const WIDTH = 1100;
const LANE = 28;
const STEPS = [1, 5, 15, 60, 180, 360, 720, 1440, 2880, 10080, 20160, 43200, 129600, 525600].map((minutes) => minutes * 60000);
const began = (each) => Date.parse(each.began ?? each.ended);
const ended = (each) => Date.parse(each.ended);
const told = (each) => (each.began ? lasting(ended(each) - began(each)) : "");
const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const what = (each) => each.what.join(", ") || "a change";
const who = (each) => (each.began || each.who[0] !== "unknown" ? each.who.join(", ") : "not known");

const timeline = (list, linked) => {
  const lanes = [...new Set(list.map((each) => each.bucket))].sort();
  const first = Math.min(...list.map(began));
  const span = Math.max(60000, Math.max(...list.map(ended)) - first);
  const x = (time) => LEFT + 10 + ((time - first) / span) * (WIDTH - LEFT - 115);
  const height = lanes.length * LANE + 34;
  const step = STEPS.find((each) => span / each <= 8) ?? span / 8;
  const ticks = [];
  for (let time = Math.ceil(first / step) * step; time <= first + span; time += step) {
    const [day, clock] = moment(time).split(" ");
    ticks.push(draw("line", { x1: x(time), x2: x(time), y1: 0, y2: height - 30, class: "tick" }),
      draw("text", { x: x(time), y: height - 10, "text-anchor": "middle" }, step < 86400000 ? `${day.slice(5)} ${clock.slice(0, 5)}` : day));
  }
  const taken = {};  // how far to the right a lane is written on
  const marks = [...list].sort((a, b) => began(a) - began(b)).map((each) => {
    const y = lanes.indexOf(each.bucket) * LANE + LANE / 2;
    const from = x(began(each));
    const to = Math.max(x(ended(each)), from + 14);
    const label = `${each.bucket}: ${who(each)} made ${what(each)}, put back ${moment(each.ended)} UTC${told(each) ? ` after ${told(each)}` : ""}${each.undone_by ? ", undone since" : ""}`;
    const shape = [draw("title", {}, label), draw("rect", { x: from - 3, y: y - 11, width: to - from + 12, height: 22, class: "hit" }),
      draw("rect", { x: from, y: y - 5, width: to - from, height: 10, rx: 2, class: "drift" }),
      draw("circle", { cx: to, cy: y, r: 6, class: each.undone_by ? "undone" : "back" })];
    if (told(each) && from > (taken[each.bucket] ?? 0)) {
      shape.push(draw("text", { x: to + 10, y: y + 4 }, told(each)));
      taken[each.bucket] = to + 70;
    }
    return linked ? draw("a", { href: `#revert-${each.at}`, "aria-label": label }, ...shape) : draw("g", {}, ...shape);
  });
  const described = `Timeline of ${plural(list.length, "revert")} on ${plural(lanes.length, "bucket")}; the table has the same.`;
  return wide("Timeline", draw("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "timeline", role: linked ? "group" : "img", "aria-label": described },
    ...ticks,
    ...lanes.flatMap((bucket, lane) => [
      draw("line", { x1: LEFT, x2: WIDTH, y1: (lane + 0.5) * LANE, y2: (lane + 0.5) * LANE, class: "lane" }),
      draw("text", { x: LEFT - 8, y: (lane + 0.5) * LANE + 4, "text-anchor": "end" }, draw("title", {}, bucket), cut(bucket, 32))]),
    ...marks));
};

const reverted = (list, linked) => wide("What was put back", table("reverts", "What was put back, the newest first",
  ["Drift", "Bucket", "Who", "What", "Put back"],
  list.map((each) => make("tr", linked ? { id: `revert-${each.at}`, tabindex: "-1" } : {},
    make("th", { scope: "row" }, each.began ? moment(each.began).replace(" ", "\n") : "not known"),
    make("td", {}, each.bucket),
    make("td", {}, who(each)),
    make("td", {}, each.what.length ? what(each) : each.reason,
      each.diffs.length ? make("details", {}, make("summary", {}, `Diff of ${each.aspects.map(words).join(", ")}`), ...each.diffs.map(diff)) : ""),
    make("td", {}, moment(each.ended), make("div", {}, told(each) ? `after ${told(each)}` : ""),
      make("div", { class: "soft" }, `by ${each.control}: ${each.calls.join(", ")}`),
      each.undone_by ? make("div", { class: "tag e" }, `undone by ${each.undone_by}`) : "")))));

const LEGEND = make("p", { class: "legend" }, make("span", { class: "key drift" }), " drift, from the first change ", make("span", { class: "key back" }),
  " put back ", make("span", { class: "key undone" }), " put back, undone since. All times are UTC.");
