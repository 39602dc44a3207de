import { CodeXml } from 'lucide-react';
import { Suspense, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { chatRequest, type Settings, type Taker } from './chat-request.ts';
import type { Turn } from './conversation.ts';
import { late } from '../page/late.tsx';

const CodeDialog = late(() => import('./code-dialog.tsx'));

interface CodeButtonProps {
  model: Taker;
  settings: Settings;
  turns: readonly Turn[];
}

/** Gives the same call as a program. */
export function CodeButton({ model, settings, turns }: CodeButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon={<CodeXml aria-hidden size={16} />} onClick={() => setOpen(true)}>
        Code
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <CodeDialog request={chatRequest(model, settings, asked(turns))} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** What the last answer answered; a first question where there is none. */
function asked(turns: readonly Turn[]): readonly Turn[] {
  if (turns.length === 0) return [{ kind: 'question', id: 0, text: 'Say hello in five words.', attachments: [] }];
  return turns.at(-1)?.kind === 'answer' ? turns.slice(0, -1) : turns;
}
