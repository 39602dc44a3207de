import type { ReactNode } from 'react';

/** A group by its name, beside the colour that the chart gives it. */
export function Part({ at, children }: { at: number; children: ReactNode }) {
  return (
    <div className="part">
      <span className={`swatch part-${at}`} aria-hidden />
      <div>{children}</div>
    </div>
  );
}
