// The editor: SQL with completion of tables, columns and queries. It lives in a shadow root: there its styles are
// objects, which the page's policy allows, and not text.
import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The colours are variables of the page, light and dark.
const INK = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--workbench-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--workbench-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--workbench-number)" },
  { tag: tags.comment, color: "var(--workbench-comment)" },
]);

const THEME = EditorView.theme({
  "&": { color: "inherit", backgroundColor: "transparent", fontSize: "0.95rem" },
  "&.cm-focused": { outline: "2px solid var(--workbench-focus)" },
  ".cm-content": { caretColor: "currentColor", minHeight: "7rem", fontFamily: "ui-monospace, monospace" },
  ".cm-cursor": { borderLeftColor: "currentColor" },
  ".cm-gutters": { backgroundColor: "transparent", color: "inherit", border: "none" },
  ".cm-tooltip": { backgroundColor: "var(--workbench-paper)", color: "var(--workbench-ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--workbench-selection)",
  },
});

// Text that is typed over a selection: Chromium itself would keep the colours of what is replaced as an inline style,
// which the page's policy refuses and the console reports.
const overwriting = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (event.inputType !== "insertText" || event.data === null || view.state.selection.main.empty) return false;
    event.preventDefault();
    view.dispatch(view.state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

// An editor in `host`; `schema` is the columns of each relation, `run` is called by Ctrl-Enter.
export const editorIn = (host, schema, run) => {
  const root = host.attachShadow({ mode: "open" });
  const runs = { key: "Mod-Enter", run: () => (run(), true) };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        overwriting,
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        keymap.of([runs, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        sql({ dialect: PostgreSQL, schema }),
        syntaxHighlighting(INK),
        THEME,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "SQL", autocapitalize: "off", autocorrect: "off" }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    show: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    focus: () => view.focus(),
  };
};
