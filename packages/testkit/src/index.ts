export { type HttpFixture, httpFixture } from './http-fixture.ts';
export { example, fixture, fixtureNames } from './fixtures.ts';
export type { ExampleName, FixtureName } from './fixtures.ts';
export { processIsAlive, waitFor } from './waiting.ts';
export { pythonWithMcp } from './python.ts';
export type { PythonWithMcp } from './python.ts';
