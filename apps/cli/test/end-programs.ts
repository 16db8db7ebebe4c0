// Run by vitest for every file of tests, also where files share their modules.
import { afterAll, afterEach } from 'vitest';

import { endPrograms } from './driver.ts';
import { endScreens } from './screen/tmux.ts';
import { endProxies } from './transparency/driver.ts';

afterEach(endProxies);
afterAll(async () => {
  await endScreens();
  await endPrograms();
});
