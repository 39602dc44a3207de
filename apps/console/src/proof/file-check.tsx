import { receiptRoutes } from '@orgn/console-api';
import { useState } from 'react';
import { api } from '../api/client.ts';
import { Button } from '../ui/button.tsx';
import { Note } from '../ui/note.tsx';
import { VerifyButton } from './verify-button.tsx';
import './proof.css';

/** As large as a bundle may be. */
const MOST_BYTES = 32 * 1024 * 1024;

/** Checks a receipt's file here: it leaves this browser in no direction. */
export function FileCheck() {
  const [file, setFile] = useState<File | null>(null);
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null) => {
    setOver(false);
    setFile(files?.[0] ?? null);
  };
  return (
    <section className="panel" aria-labelledby="file-heading">
      <h2 id="file-heading">Check a file</h2>
      <div
        className="proof-drop"
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          take(event.dataTransfer.files);
        }}
      >
        <label htmlFor="receipt-file">Drop a receipt with its evidence here, or choose one</label>
        <input
          id="receipt-file"
          type="file"
          accept="application/json,.json"
          onChange={(event) => take(event.target.files)}
        />
        <p className="quiet">It is read in this browser and sent nowhere. The keys are those of this gateway.</p>
      </div>
      {file && (
        <Chosen key={`${file.name} ${file.lastModified} ${file.size}`} file={file} close={() => setFile(null)} />
      )}
    </section>
  );
}

function Chosen({ file, close }: { file: File; close: () => void }) {
  if (file.size > MOST_BYTES) {
    return (
      <Note isAlert kind="problem" title="This file is no receipt">
        <p>A receipt with its evidence has 32 MiB at most.</p>
      </Note>
    );
  }
  const bring = async () => {
    const [bundle, keys] = await Promise.all([file.text(), api.call(receiptRoutes.keys)]);
    return { bundle, keys: JSON.stringify(keys), seen: null };
  };
  return (
    <>
      <p>
        <strong>{file.name}</strong>
      </p>
      <VerifyButton bring={bring} />
      <Button kind="quiet" onClick={close}>
        Take it away
      </Button>
    </>
  );
}
