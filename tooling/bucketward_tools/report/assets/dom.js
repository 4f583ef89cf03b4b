"use strict";
// Text from AWS only ever becomes a text node or the value of an attribute that runs nothing.
const SVG = "http://www.w3.org/2000/svg";
const find = (id) => document.getElementById(id);
const put = (id, ...children) => find(id).replaceChildren(...children);
const dressed = (made, given, children) => {
  for (const [name, value] of Object.entries(given)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
};
const make = (tag, given = {}, ...children) => dressed(document.createElement(tag), given, children);
const draw = (tag, given = {}, ...children) => dressed(document.createElementNS(SVG, tag), given, children);
// A row is its cells, the first one its heading, or an element.
const table = (kind, caption, heads, rows) => make("table", { class: kind },
  make("caption", { class: "vh" }, caption),
  make("thead", {}, make("tr", {}, ...heads.map((each) => (each instanceof Element ? each : make("th", { scope: "col" }, each))))),
  make("tbody", {}, ...rows.map((row) => (row instanceof Element ? row : make("tr", {},
    make("th", { scope: "row" }, row[0]), ...row.slice(1).map((each) => make("td", {}, each)))))));
const wide = (label, ...children) => make("div", { class: "wide", tabindex: "0", role: "region", "aria-label": label }, ...children);

const number = (value) => value.toLocaleString("en");
const plural = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
const words = (name) => name.replaceAll("_", " ");
const moment = (text) => new Date(text).toISOString().slice(0, 19).replace("T", " ");
const lasting = (milliseconds) => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  for (const [size, unit, smaller, name] of [[86400, "d", 3600, "h"], [3600, "h", 60, "min"], [60, "min", 1, "s"]]) {
    if (seconds < size) continue;
    const left = Math.floor((seconds % size) / smaller);
    return `${number(Math.floor(seconds / size))} ${unit}${left ? ` ${left} ${name}` : ""}`;
  }
  return `${seconds} s`;
};
const diff = (rows) => {
  const made = make("pre", { tabindex: "0" });
  for (const row of rows) {
    const kind = row.startsWith("+") ? "add" : row.startsWith("-") ? "del" : "";
    made.append(kind ? make("span", { class: kind }, row) : row, "\n");
  }
  return made;
};
const paged = (size, rows, show) => {
  const pager = { page: 0, rows };
  const step = (by) => { pager.page += by; pager.draw(); };
  const previous = make("button", { type: "button" }, "Previous");
  const next = make("button", { type: "button" }, "Next");
  const where = make("span", { "aria-live": "polite" });
  previous.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  pager.buttons = [previous, " ", where, " ", next];
  pager.draw = (all = false) => {
    const pages = Math.max(1, Math.ceil(pager.rows.length / size));
    where.textContent = `Page ${pager.page + 1} of ${pages}`;
    previous.disabled = pager.page === 0;
    next.disabled = pager.page + 1 >= pages;
    show(all ? pager.rows : pager.rows.slice(pager.page * size, (pager.page + 1) * size));
  };
  return pager;
};
