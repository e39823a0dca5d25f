// The workbench: forms and an editor ask the site's database, in this browser alone.
import { asked, opened } from "./engine.js";
import { drawChart, offerAxes, showTable } from "./answers.js";
import { isNumber, isTime, rowsOf } from "./cells.js";
import { csv } from "./csv.js";
import { editorIn } from "./editor.js";
import { callOf, showForm } from "./forms.js";

const page = document.getElementById("workbench");
const part = (name) => document.getElementById(`workbench-${name}`);
const { catalog, database, worker, wasm } = page.dataset;
const address = (path) => new URL(path, document.baseURI).href;

let connection = null;
let answer = null;
let isStopped = false;

const showStatus = (text, share = null) => {
  part("status").textContent = text;
  const bar = part("progress");
  bar.hidden = !text;
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
};

const sqlOfLink = () => {
  const found = new URLSearchParams(location.hash.slice(1)).get("sql");
  return found === null ? null : found;
};

const linkOf = (sql) => `#${new URLSearchParams({ sql })}`;

const draw = async () => {
  if (!answer || part("chart").hidden) return;
  await drawChart(part("plot"), part("across").value, part("up").value, answer);
};

const show = async (sql) => {
  showTable(part("table"), part("count"), answer);
  const isDrawable = offerAxes(part("across"), part("up"), answer);
  part("chart").hidden = !isDrawable || answer.rows.length === 0;
  part("csv").disabled = false;
  part("answer").hidden = false;
  history.replaceState(null, "", linkOf(sql));
  await draw();
};

const run = async (editor) => {
  const sql = editor.text().trim();
  if (!connection || !sql) return;
  part("error").textContent = "";
  isStopped = false;
  part("run").disabled = true;
  part("stop").disabled = false;
  page.dataset.state = "asking";
  showStatus("asking");
  const began = performance.now();
  try {
    answer = rowsOf(await asked(connection, sql, () => isStopped));
    await show(sql);
    part("took").textContent = `${((performance.now() - began) / 1000).toFixed(1)} s`;
    page.dataset.state = "answered";
  } catch (error) {
    part("error").textContent = error.message;
    page.dataset.state = "failed";
  } finally {
    showStatus("");
    part("run").disabled = false;
    part("stop").disabled = true;
  }
};

const save = () => {
  const text = csv(answer, (type) => !isNumber(type) && !isTime(type));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = "answer.csv";
  link.click();
  URL.revokeObjectURL(link.href);
};

const start = async () => {
  showStatus("loading the queries");
  const { first, queries, relations } = await (await fetch(address(catalog))).json();
  const byName = new Map(queries.map((query) => [query.name, query]));
  const editor = editorIn(part("editor"), relations, () => run(editor));

  const choose = () => {
    const query = byName.get(part("query").value);
    showForm(part("form"), query);
    part("question").textContent = query.question;
    part("caveat").textContent = query.caveat;
    editor.show(callOf(part("form"), query));
  };
  for (const group of new Set(queries.map((query) => query.group))) {
    const held = document.createElement("optgroup");
    held.label = group;
    held.append(...queries.filter((query) => query.group === group).map((query) => new Option(query.title, query.name)));
    part("query").append(held);
  }
  part("query").addEventListener("change", choose);
  part("form").addEventListener("input", () => {
    if (part("form").checkValidity()) editor.show(callOf(part("form"), byName.get(part("query").value)));
  });
  part("form").addEventListener("submit", (event) => {
    event.preventDefault();
    run(editor);
  });
  part("stop").addEventListener("click", () => {
    isStopped = true;
  });
  part("csv").addEventListener("click", save);
  for (const axis of ["across", "up"]) part(axis).addEventListener("change", draw);
  addEventListener("hashchange", () => {
    const sql = sqlOfLink();
    if (sql !== null && sql !== editor.text()) {
      editor.show(sql);
      run(editor);
    }
  });

  part("query").value = first;
  choose();
  const linked = sqlOfLink();
  if (linked !== null) editor.show(linked);
  page.dataset.state = "loading";
  connection = await opened({ worker: address(worker), wasm: address(wasm), database: address(database) }, showStatus);
  showStatus("");
  part("run").disabled = false;
  page.dataset.state = "ready";
  await run(editor);
};

start().catch((error) => {
  showStatus("");
  part("error").textContent = `The workbench cannot start: ${error.message}`;
  page.dataset.state = "broken";
});
