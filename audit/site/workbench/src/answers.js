// An answer as a table and as a chart. All that it holds is text: nothing of it is ever read as HTML.
import { Type } from "apache-arrow";
import { isNumber, isTime } from "./cells.js";

const MOST_ROWS = 500;
const MOST_POINTS = 5_000;
const MOST_BARS = 60;

const headed = (columns) => {
  const row = document.createElement("tr");
  for (const { name, type } of columns) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    if (isNumber(type)) cell.className = "number";
    row.append(cell);
  }
  const head = document.createElement("thead");
  head.append(row);
  return head;
};

// Shows the first rows in `table`, and says in `note` how many there are.
export const showTable = (table, note, { columns, rows }) => {
  const body = document.createElement("tbody");
  for (const values of rows.slice(0, MOST_ROWS)) {
    const row = document.createElement("tr");
    values.forEach((value, place) => {
      const cell = document.createElement("td");
      cell.textContent = value ?? "";
      if (isNumber(columns[place].type)) cell.className = "number";
      row.append(cell);
    });
    body.append(row);
  }
  table.replaceChildren(headed(columns), body);
  const all = rows.length.toLocaleString("en");
  note.textContent = rows.length > MOST_ROWS ? `${MOST_ROWS} of ${all} rows; CSV has all` : `${all} rows`;
};

const kindOf = (type) => (isNumber(type) ? "quantitative" : isTime(type) ? "temporal" : "nominal");

// Offers the columns that can stand on each axis, and chooses: the first that is no number against the first that is.
export const offerAxes = (across, up, { columns }) => {
  const numbers = columns.filter(({ type }) => isNumber(type));
  across.replaceChildren(...columns.map(({ name }) => new Option(name, name)));
  up.replaceChildren(...numbers.map(({ name }) => new Option(name, name)));
  const first = columns.find(({ type }) => !isNumber(type)) ?? columns[0];
  if (first) across.value = first.name;
  return numbers.length > 0;
};

// Draws `up` over `across` in `place`: bars of names, else a line.
export const drawChart = async (place, across, up, { columns, rows }) => {
  const at = (name) => columns.findIndex((column) => column.name === name);
  const [x, y] = [at(across), at(up)];
  // Few whole numbers, such as years, are names of bars; of many a line says more.
  const isFew = columns[x].type.typeId === Type.Int && rows.length <= MOST_BARS;
  const kind = isFew ? "ordinal" : kindOf(columns[x].type);
  const value = (text, type) => (text === null ? null : isNumber(type) ? Number(text) : text);
  const values = rows.slice(0, MOST_POINTS).map((row) => ({ x: value(row[x], columns[x].type), y: value(row[y], columns[y].type) }));
  const specification = {
    width: "container",
    height: 320,
    background: null,
    data: { values },
    mark: kind === "nominal" || isFew ? "bar" : { type: "line", point: true },
    encoding: {
      x: { field: "x", type: kind, title: across, sort: null },
      y: { field: "y", type: "quantitative", title: up },
      tooltip: [
        { field: "x", type: kind, title: across },
        { field: "y", type: "quantitative", title: up },
      ],
    },
    config: { view: { stroke: null } },
  };
  // Its interpreter, as the page's policy forbids eval.
  await window.vegaEmbed(place, specification, { actions: false, ast: true, defaultStyle: false, renderer: "svg", tooltip: { disableDefaultStyle: true } });
};
