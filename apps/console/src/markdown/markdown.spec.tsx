import { afterEach, describe, expect, test } from '@jest/globals';
import { cleanup, render, screen } from '@testing-library/react';
import { Markdown } from './markdown.tsx';

afterEach(cleanup);

const html = (text: string) => new XMLSerializer().serializeToString(render(<Markdown text={text} isDone />).container);

describe('an answer’s Markdown', () => {
  test('is drawn as what it says', () => {
    const drawn = html(
      '# Title\n\nSome **bold** `code`.\n\n1. one\n2. two\n\n| a | b |\n|--|--:|\n| 1 | 2 |\n\n- [x] done',
    );
    for (const part of [
      '<h3>Title</h3>',
      '<strong>bold</strong>',
      '<code>code</code>',
      '<ol start="1">',
      '<td data-align="right">2</td>',
    ])
      expect(drawn).toContain(part);
  });

  test('becomes no markup of its own', () => {
    const drawn = html('<img src=x onerror=alert(1)>\n\n<script>alert(1)</script>\n\nText <b onclick="x()">b</b>');
    const { container } = render(<Markdown text={'<iframe src="https://a.test"></iframe>'} isDone />);
    expect(container.querySelector('img, script, iframe, b')).toBeNull();
    expect(drawn).not.toMatch(/<(img|script|b)\b/);
    expect(drawn).toContain('&lt;script&gt;');
  });

  test.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'http://a.test',
    '/api/teams',
    '//a.test',
    'vbscript:x',
  ])('links nowhere with %s', (href) => {
    render(<Markdown text={`[there](${href})`} isDone />);
    expect(screen.queryByRole('link')).toBeNull();
    expect(screen.getByText('there')).toBeDefined();
  });

  test('links with TLS, without telling where from', () => {
    render(<Markdown text="[there](https://a.test/x)" isDone />);
    const link = screen.getByRole('link', { name: 'there' });
    expect([link.getAttribute('href'), link.getAttribute('rel')]).toEqual([
      'https://a.test/x',
      'noreferrer noopener nofollow',
    ]);
  });

  test('never loads an image', () => {
    const { container } = render(<Markdown text="![a chart](https://tracker.test/1.png)" isDone />);
    expect(container.querySelector('img')).toBeNull();
    expect(screen.getByRole('link', { name: '[image: a chart]' })).toBeDefined();
  });

  test('shows code that has not ended, and offers to copy it once it has', async () => {
    const { rerender } = render(<Markdown text={'```python\nprint(1)'} isDone={false} />);
    expect(screen.getByLabelText('Code in python').textContent).toBe('print(1)');
    expect(screen.queryByRole('button', { name: 'Copy' })).toBeNull();
    rerender(<Markdown text={'```python\nprint(1)\n```'} isDone />);
    expect(screen.getByRole('button', { name: 'Copy' })).toBeDefined();
    expect((await screen.findByText('print')).className).toContain('hljs');
  });
});
