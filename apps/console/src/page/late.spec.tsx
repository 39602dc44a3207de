import { afterEach, expect, jest, test } from '@jest/globals';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { Component, Suspense, useState, type ReactNode } from 'react';
import { late } from './late.tsx';

afterEach(cleanup);

const gone = () =>
  Promise.reject(
    new TypeError('Failed to fetch dynamically imported module: https://console.example/assets/part-1.js'),
  );

function Typed({ Part }: { Part: ReturnType<typeof late<{ onClose: () => void }>> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <input aria-label="Message" />
      <button onClick={() => setOpen(true)}>Code</button>
      <Suspense fallback={null}>{isOpen && <Part onClose={() => setOpen(false)} />}</Suspense>
    </>
  );
}

class Boundary extends Component<{ children: ReactNode }> {
  override state = { isBroken: false };
  static getDerivedStateFromError = () => ({ isBroken: true });
  override render() {
    return this.state.isBroken ? 'broken' : this.props.children;
  }
}

test('a part that is gone with its release leaves the page with what was typed, and offers to load it again', async () => {
  render(<Typed Part={late<{ onClose: () => void }>(gone)} />);
  fireEvent.change(screen.getByLabelText('Message'), { target: { value: 'a long question' } });
  fireEvent.click(screen.getByText('Code'));
  await screen.findByText('The console has a new version');
  screen.getByRole('button', { name: 'Load again' });
  expect(screen.getByLabelText<HTMLInputElement>('Message').value).toBe('a long question');
  fireEvent.click(screen.getByRole('button', { name: 'Not now' }));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.getByLabelText<HTMLInputElement>('Message').value).toBe('a long question');
  fireEvent.click(screen.getByText('Code'));
  await screen.findByText('The console has a new version');
});

test('a part that is there is drawn, and any other fault is not taken for a release', async () => {
  render(<Typed Part={late(() => Promise.resolve({ default: () => <p>here</p> }))} />);
  fireEvent.click(screen.getByText('Code'));
  await screen.findByText('here');
  cleanup();
  const told = jest.spyOn(globalThis.console, 'error').mockImplementation(() => undefined);
  render(
    <Boundary>
      <Typed Part={late<{ onClose: () => void }>(() => Promise.reject(new Error('a fault of ours')))} />
    </Boundary>,
  );
  fireEvent.click(screen.getByText('Code'));
  await screen.findByText('broken');
  told.mockRestore();
});
