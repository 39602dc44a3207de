import { getDeployment } from '@orgn/console-api';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { queryOf } from '../api/query.ts';
import { Code } from '../ui/code.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Tabs } from '../ui/tabs.tsx';
import type { ChatRequest } from './chat-request.ts';
import { codeIn, languages, type Language } from './code-of-request.ts';

/** A call as a program, in a few languages; it reads its key from the environment. */
export default function CodeDialog({ request, onClose }: { request: ChatRequest; onClose: () => void }) {
  const [language, setLanguage] = useState<Language>('curl');
  const { data } = useQuery({ ...queryOf(getDeployment), staleTime: Infinity });
  const baseUrl = `${data?.apiUrl ?? 'https://your-gateway.example'}/v1`;
  const { label } = languages.find(({ value }) => value === language) ?? languages[0];
  return (
    <Dialog title="This call as code" onClose={onClose} isWide>
      <p>
        It runs under an API key, which it reads from <code>OPENAI_API_KEY</code>.
      </p>
      <Tabs label="Language" tabs={languages} value={language} onChoose={setLanguage}>
        <Code label={label} text={codeIn(language, baseUrl, request)} />
      </Tabs>
    </Dialog>
  );
}
