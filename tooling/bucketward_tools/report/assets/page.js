"use strict";
(() => {
  const SIZE = 50;
  const WORDS = { n: "not compliant", e: "not judged", c: "compliant", a: "not applicable" };
  const SIGNS = { n: "✕", e: "?", c: "✓", a: "·" };
  const ORDER = ["critical", "high", "medium", "low"];
  const find = (id) => document.getElementById(id);

  // Text from AWS only ever becomes a text node.
  const make = (tag, given = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(given)) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== undefined && value !== false) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  };
  const put = (id, ...children) => find(id).replaceChildren(...children);

  const lines = find("data").textContent.split("\n").filter((line) => line.trim());
  const { controls } = JSON.parse(lines[0]);
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

  const labels = [...new Set(controls.flatMap((each) => each.answers.map(([label]) => label)))].sort();
  const number = (value) => value.toLocaleString("en");
  const plural = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

  // Score: of all verdicts that are either, how many are compliant.
  const score = (wanted) => {
    const count = { n: 0, e: 0, c: 0, a: 0 };
    for (const each of buckets) {
      for (let column = 0; column < controls.length; column += 1) {
        if (each.codes[column] && wanted(controls[column])) count[each.codes[column]] += 1;
      }
    }
    return count;
  };
  const share = ({ n, e, c }) => (n + e + c ? Math.floor((100 * c) / (n + e + c)) : 100);
  const bars = (name, list) => make("table", { class: "bars" },
    make("caption", { class: "vh" }, `Score by ${name}`),
    make("thead", { class: "vh" }, make("tr", {}, ...[name, "score", "verdicts"].map((each) => make("th", { scope: "col" }, each)))),
    make("tbody", {}, ...list.map(([label, count]) => make("tr", {},
      make("th", { scope: "row" }, label),
      make("td", {}, make("progress", { max: 100, value: share(count), "aria-label": `${label}: ${share(count)} percent compliant` })),
      make("td", {}, `${share(count)} %, ${number(count.n)} not compliant${count.e ? `, ${number(count.e)} not judged` : ""}`)))));

  const overview = () => {
    const all = score(() => true);
    const failing = buckets.filter((each) => each.noun === "bucket" && each.codes.includes("n")).length;
    const total = (kind, value, text) => make("div", { class: `total ${kind}` }, make("b", {}, value), text);
    put("totals",
      total("", `${share(all)} %`, "of verdicts compliant"),
      total("", number(buckets.filter((each) => each.noun === "bucket").length), "buckets"),
      total(failing ? "n" : "c", number(failing), "buckets with a finding"),
      total(all.n ? "n" : "c", number(all.n), "not compliant"),
      total(all.e ? "e" : "", number(all.e), "not judged"),
      total("c", number(all.c), "compliant"),
      total("", number(all.a), "not applicable"));
    put("severities", bars("severity", ORDER.filter((level) => controls.some((each) => each.severity === level))
      .map((level) => [level, score((each) => each.severity === level)])));
    put("frameworks", bars("framework", labels.map((label) => [label, score((each) => each.answers.some(([own]) => own === label))])));
    const worst = controls.map((each) => [each, score((other) => other === each)])
      .filter(([, count]) => count.n).sort((a, b) => ORDER.indexOf(a[0].severity) - ORDER.indexOf(b[0].severity) || b[1].n - a[1].n).slice(0, 8);
    put("worst", worst.length ? make("table", { class: "bars" },
      make("caption", { class: "vh" }, "Controls with findings, the most severe first"),
      make("thead", { class: "vh" }, make("tr", {}, ...["control", "score", "findings"].map((each) => make("th", { scope: "col" }, each)))),
      make("tbody", {}, ...worst.map(([each, count]) => make("tr", {},
        make("th", { scope: "row" }, `${each.title} (${each.severity})`),
        make("td", {}, make("progress", { max: 100, value: share(count), "aria-label": `${each.stem}: ${share(count)} percent compliant` })),
        make("td", {}, plural(count.n, "finding")))))) : "Nothing is out of order.");
  };

  // Filters
  let chosen = buckets;
  // A control that judged nothing, such as one of access points where there is none, has no column.
  const used = controls.map((_, index) => index).filter((index) => buckets.some((each) => each.codes[index]));
  let columns = used;
  let page = 0;
  const value = (id) => find(id).value;
  const filter = () => {
    const text = value("search").trim().toLowerCase();
    const [code, stem, level, label, region] = ["compliance", "control", "severity", "framework", "region"].map(value);
    columns = used.filter((index) => {
      const each = controls[index];
      return (!stem || each.stem === stem) && (!level || each.severity === level)
        && (!label || each.answers.some(([own]) => own === label));
    });
    chosen = buckets.filter((each) => (!text || each.name.toLowerCase().includes(text))
      && (!region || each.region === region)
      && columns.some((column) => each.codes[column] && (!code || each.codes[column] === code)));
    page = 0;
    matrix();
  };
  const cell = (each, column) => {
    const code = each.codes[column];
    if (!code) return make("td", {});
    return make("td", { title: `${controls[column].stem}: ${each.said[column]}` },
      make("span", { class: `cell ${code}`, "aria-hidden": "true" }, SIGNS[code]),
      make("span", { class: "vh" }, WORDS[code]));
  };
  const matrix = (size = SIZE) => {
    const pages = Math.max(1, Math.ceil(chosen.length / size));
    const part = chosen.slice(page * size, (page + 1) * size);
    const heads = columns.map((column) => make("th", { scope: "col", title: `${controls[column].title} (${controls[column].severity})` },
      make("span", { class: "turn" }, controls[column].stem.replace(/^bucket_/, ""))));
    put("matrix", make("table", { class: "matrix" },
      make("caption", { class: "vh" }, "Compliance of each bucket with each control"),
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "Bucket"), ...heads)),
      make("tbody", {}, ...part.map((each) => make("tr", {},
        make("th", { scope: "row" }, make("a", { href: `#bucket-${each.at}` }, each.name), each.region ? make("span", { class: "soft" }, ` ${each.region}`) : ""),
        ...columns.map((column) => cell(each, column)))))));
    find("shown").textContent = `${number(chosen.length)} of ${plural(buckets.length, "name")}, ${plural(columns.length, "control")}`;
    find("page").textContent = `Page ${page + 1} of ${pages}`;
    find("previous").disabled = page === 0;
    find("next").disabled = page + 1 >= pages;
  };

  // One bucket
  const diff = (rows) => {
    const made = make("pre", { tabindex: "0" });
    for (const row of rows) {
      const kind = row.startsWith("+") ? "add" : row.startsWith("-") ? "del" : "";
      made.append(kind ? make("span", { class: kind }, row) : row, "\n");
    }
    return made;
  };
  const plan = (found) => {
    if (typeof found === "string") return make("p", { class: "soft" }, `No plan: ${found}`);
    return make("details", {}, make("summary", {}, `Plan: ${found.map((step) => step.call).join(", ") || "nothing"}`),
      ...found.map((step) => diff(step.diff)));
  };
  const readable = (document) => {
    let opened = document;
    if (typeof document === "string") {
      try { opened = JSON.parse(document); } catch { return document; }
    }
    return JSON.stringify(opened, null, 2);
  };
  const RANK = "neca";
  const detail = (each) => {
    const { documents, plans } = JSON.parse(each.details);
    const rows = controls.map((control, column) => [control, column]).filter(([, column]) => each.codes[column])
      .sort((a, b) => RANK.indexOf(each.codes[a[1]]) - RANK.indexOf(each.codes[b[1]])
        || ORDER.indexOf(a[0].severity) - ORDER.indexOf(b[0].severity));
    const verdicts = rows.map(([control, column]) => make("tr", {},
      make("th", { scope: "row" }, control.stem, make("div", { class: "soft" }, control.answers.map((pair) => pair.join(" ")).join(", "))),
      make("td", {}, control.severity),
      make("td", {}, make("span", { class: `tag ${each.codes[column]}` }, WORDS[each.codes[column]])),
      make("td", {}, each.said[column], ...(plans[control.stem] === undefined ? [] : [plan(plans[control.stem])]))));
    const names = Object.keys(documents).sort();
    put("detail", make("p", { class: "back" }, make("a", { href: "#buckets" }, "Back to all buckets")),
      make("h2", { id: "h-detail", tabindex: "-1" }, each.name),
      make("p", { class: "soft" }, [each.noun, each.region].filter(Boolean).join(", ")),
      make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": "Verdicts" },
        make("table", { class: "verdicts" }, make("caption", { class: "vh" }, "Verdicts, the worst first"),
          make("thead", {}, make("tr", {}, ...["Control", "Severity", "Compliance", "What was found"].map((head) => make("th", { scope: "col" }, head)))),
          make("tbody", {}, ...verdicts))),
      make("h3", {}, "Configuration as it was read"),
      ...names.map((name) => documents[name] === null
        ? make("p", { class: "soft" }, `${name.replaceAll("_", " ")}: not set`)
        : make("details", {}, make("summary", {}, name.replaceAll("_", " ")), make("pre", { tabindex: "0" }, readable(documents[name])))));
  };
  const route = (event) => {
    const found = /^#bucket-(\d+)$/.exec(location.hash);
    const each = found && buckets[Number(found[1])];
    find("overview").hidden = Boolean(each);
    find("detail").hidden = !each;
    if (each) {
      detail(each);
      find("h-detail").focus();
      scrollTo(0, 0);
    } else if (event && location.hash === "#buckets") find("buckets").focus();
  };

  const options = (id, list) => find(id).append(...list.map((each) => make("option", {}, each)));
  options("control", used.map((index) => controls[index].stem));
  options("framework", labels);
  options("region", [...new Set(buckets.map((each) => each.region).filter(Boolean))].sort());
  let waiting = 0;
  find("filters").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 80); });
  find("filters").addEventListener("reset", () => setTimeout(filter, 0));
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  find("previous").addEventListener("click", () => { page -= 1; matrix(); });
  find("next").addEventListener("click", () => { page += 1; matrix(); });
  addEventListener("hashchange", route);
  addEventListener("beforeprint", () => { page = 0; matrix(5000); for (const each of document.querySelectorAll("#detail details")) each.open = true; });
  addEventListener("afterprint", () => { page = 0; matrix(); });
  overview();
  matrix();
  route();
  document.documentElement.dataset.ready = String(Math.round(performance.now()));
})();
