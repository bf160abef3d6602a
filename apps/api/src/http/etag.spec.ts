import { entityTag, versionOfIfMatch } from './etag';

describe('If-Match', () => {
  it.each([
    [entityTag(3), 3],
    ['W/"3"', 3],
    ['*', undefined],
    [undefined, undefined],
  ])('%s names version %s', (header, version) => {
    expect(versionOfIfMatch(header)).toBe(version);
  });

  it.each(['3', '"x"', '"3", "4"', ''])('%s is refused, or an edit goes through unchecked', (header) => {
    expect(() => versionOfIfMatch(header)).toThrow('If-Match');
  });
});
