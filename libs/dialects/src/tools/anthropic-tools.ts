const text = { type: 'string' };
const range = { type: 'array', items: { type: 'integer' }, description: 'First and last line to view; -1 is the end.' };

function commands(names: readonly string[], properties: object) {
  const command = { type: 'string', enum: names };
  return { type: 'object', properties: { command, ...properties }, required: ['command'] };
}

const editing = {
  path: text,
  file_text: text,
  old_str: text,
  new_str: text,
  insert_line: { type: 'integer' },
  view_range: range,
};

const families = {
  bash: {
    description: "Runs a command in a bash shell on the user's machine that keeps its state; restart begins a new one.",
    parameters: {
      type: 'object',
      properties: { command: text, restart: { type: 'boolean' } },
    },
  },
  text_editor: {
    description:
      'Views and edits files: view (a file or folder), create (file_text), str_replace (old_str, which must occur once, by new_str), insert (new_str, and the same as insert_text, after insert_line).',
    parameters: commands(['view', 'create', 'str_replace', 'insert'], { ...editing, insert_text: text }),
  },
  text_editor_with_undo: {
    description:
      'Views and edits files: view (a file or folder), create (file_text), str_replace (old_str, which must occur once, by new_str), insert (new_str after insert_line), undo_edit.',
    parameters: commands(['view', 'create', 'str_replace', 'insert', 'undo_edit'], editing),
  },
  memory: {
    description:
      'Keeps notes in files below /memories: view, create (file_text), str_replace (old_str by new_str), insert (insert_text after insert_line), delete, rename (old_path to new_path). View /memories before anything else.',
    parameters: commands(['view', 'create', 'str_replace', 'insert', 'delete', 'rename'], {
      ...editing,
      insert_text: text,
      old_path: text,
      new_path: text,
    }),
  },
};

/**
 * What a model is told of a tool that Anthropic's models know by heart.
 * @param type with its date, as in `bash_20250124`
 */
export function anthropicTool(type: string): { description: string; parameters: Record<string, unknown> } {
  if (type.startsWith('bash_')) return families.bash;
  if (type.startsWith('memory_')) return families.memory;
  const hasUndo = type === 'text_editor_20241022' || type === 'text_editor_20250124';
  return hasUndo ? families.text_editor_with_undo : families.text_editor;
}
