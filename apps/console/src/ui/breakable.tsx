import { Fragment } from 'react';

/** A name that goes on in the next line where one of its words ends. */
export function Breakable({ name }: { name: string }) {
  return name.split(/(?<=_)/).map((part, at) => (
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
