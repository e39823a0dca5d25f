// A form for each query, from its header; and the SQL that a filled form means.

const literal = (text) => `'${text.replaceAll("'", "''")}'`;

// SQL for a value as its parameter's type writes it; numbers are checked by their field.
const written = ({ type }, value) => {
  if (type === "INTEGER" || type === "DOUBLE") {
    if (!Number.isFinite(Number(value))) throw new Error(`${value} is no number`);
    return String(Number(value));
  }
  return type === "BOOLEAN" ? value : literal(value);
};

const field = (parameter) => {
  const { name, type, choices, minimum, maximum, value, shown } = parameter;
  const isChosen = choices.length > 0 || type === "BOOLEAN";
  const input = document.createElement(isChosen ? "select" : "input");
  if (isChosen) {
    const all = choices.length ? choices : ["true", "false"];
    for (const choice of value === null ? ["", ...all] : all) input.append(new Option(choice || "any", choice));
  } else if (type === "INTEGER" || type === "DOUBLE") {
    input.type = "number";
    input.step = type === "INTEGER" ? "1" : "any";
    if (minimum !== null) input.min = minimum;
    if (maximum !== null) input.max = maximum;
  } else {
    input.type = "text";
    input.autocomplete = "off";
    input.spellcheck = false;
    if (value === null) input.placeholder = "any";
  }
  input.name = name;
  input.value = shown ?? "";
  return input;
};

// Fills `form` with the fields of a query.
export const showForm = (form, query) => {
  const rows = query.parameters.map((parameter) => {
    const label = document.createElement("label");
    const name = document.createElement("span");
    name.textContent = parameter.title + (parameter.unit ? ` (${parameter.unit})` : "");
    const note = document.createElement("small");
    note.textContent = parameter.meaning;
    label.append(name, field(parameter), note);
    return label;
  });
  form.replaceChildren(...rows);
};

// The call that a filled form means: what has its default is not named.
export const callOf = (form, query) => {
  const given = query.parameters.flatMap((parameter) => {
    const value = form.elements.namedItem(parameter.name).value;
    if (value === (parameter.value === null ? "" : String(parameter.value))) return [];
    return [`${parameter.name} := ${value === "" ? "null" : written(parameter, value)}`];
  });
  return `from ${query.name}(${given.join(", ")})`;
};
