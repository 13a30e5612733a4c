import { describe, expect, test } from 'vitest';
import { parse } from '../text/Markdown';
import { reveal, safeUrl } from '../text/reveal';

const hidden = (text: string) => reveal(text).flatMap((piece) => (typeof piece === 'string' ? [] : [piece.hidden]));

describe('characters that would not be seen', () => {
  test.each([
    ['\u202e', 'U+202E'], ['\u2066', 'U+2066'], ['\u200b', 'U+200B'], ['\ufeff', 'U+FEFF'], ['\u00ad', 'U+00AD'], ['\u2028', 'U+2028'], ['\u0007', 'U+0007'], ['\u3164', 'U+3164'], ['\u{e0041}', 'U+E0041'], ['\u{e0100}', 'U+E0100'], ['\ud800', 'U+D800'],
  ])('%j is shown by its number', (character, name) => expect(reveal(`a${character}b`)).toEqual(['a', { hidden: name }, 'b']));

  test('letters of every script, emoji and line breaks stay', () => {
    for (const text of ['Grüße', 'שלום', 'مرحبا', '日本語', '👩‍👩‍👧 ❤️ 👍🏽', 'a\nb\tc']) expect(reveal(text)).toEqual([text]);
  });

  test('a joiner outside an emoji is shown', () => expect(hidden('pass\u200dword')).toEqual(['U+200D']));

  test('nothing is lost', () => {
    const text = 'a\u202eb\u200bc\u200d👍';
    const back = reveal(text).map((piece) => (typeof piece === 'string' ? piece : String.fromCodePoint(Number.parseInt(piece.hidden.slice(2), 16)))).join('');
    expect(back).toBe(text);
  });
});

describe('addresses of links', () => {
  test.each(['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\tscript:alert(1)', ' javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'blob:https://x/y', '/relative', '//evil.example', 'about:blank', ''])('%j leads nowhere', (address) => expect(safeUrl(address)).toBeNull());
  test('http and https do, and the host is the real one', () => {
    expect(safeUrl('https://good.example@evil.example/x')?.host).toBe('evil.example');
    expect(safeUrl('HTTP://Example.org')?.host).toBe('example.org');
    expect(safeUrl('https://аpple.com')?.host).toMatch(/^xn--/);
  });
});

test.each([['quotes', '>'.repeat(20_000)], ['fewer stars', `${'*a_'.repeat(740)} words `.padEnd(8_000, 'and more ')], ['fewer quotes', `${'>'.repeat(1_490)}a`], ['brackets', '['.repeat(8_000)], ['stars', '*a_'.repeat(2_600)], ['backticks', '`'.repeat(7_999)], ['lists', '- '.repeat(4_000)], ['links', '[a](<b'.repeat(1_300)], ['tables', '|'.repeat(8_000)]])('a text of many %s is parsed in time', (_, text) => {
  // A tenth of a second on a machine at rest; what does not grow with the square of the text stays far below the limit on a busy one too.
  const began = performance.now();
  parse(text.slice(0, 8_000));
  expect(performance.now() - began).toBeLessThan(10_000);
}, 60_000);
