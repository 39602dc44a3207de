import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { TextArea } from '../ui/field.tsx';
import type { ToolCall } from './conversation.ts';

interface ToolResultsProps {
  calls: readonly ToolCall[];
  reason: string | undefined;
  onGive: (results: Readonly<Record<string, string>>) => void;
}

/** Takes the place of the person's program: what each called tool would give back. */
export function ToolResults({ calls, reason, onGive }: ToolResultsProps) {
  const [results, setResults] = useState<Readonly<Record<string, string>>>({});
  return (
    <form
      className="tool-results"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason === undefined) onGive(results);
      }}
    >
      {calls.map(({ id, name }) => (
        <TextArea
          key={id}
          label={`Result of ${name}`}
          rows={3}
          value={results[id] ?? ''}
          onChange={({ target }) => setResults({ ...results, [id]: target.value })}
        />
      ))}
      <Button kind="primary" type="submit" reason={reason}>
        Give results
      </Button>
    </form>
  );
}
