import { createMemoryHistory } from '@tanstack/react-router';
import { expect, it } from 'vitest';
import { isStepBefore, rememberSteps } from './steps.ts';

it('the list is the step before where somebody came from it, whatever it was filtered by', () => {
  const history = createMemoryHistory({ initialEntries: ['/alerts'] });
  rememberSteps(history);
  expect(isStepBefore('/deliveries')).toBe(false);
  history.push('/deliveries');
  history.push('/deliveries?status=failed');
  history.replace('/deliveries?status=failed&search=12');
  expect(isStepBefore('/alerts')).toBe(false);
  history.push('/deliveries/dlv_1');
  expect(isStepBefore('/deliveries')).toBe(true);

  history.back();
  history.push('/deliveries/dlv_2');
  expect(isStepBefore('/deliveries')).toBe(true);
  history.push('/events/evt_1');
  expect(isStepBefore('/deliveries')).toBe(false);
  history.go(-3);
  expect(isStepBefore('/alerts')).toBe(true);
  history.back();
  expect(isStepBefore('/alerts')).toBe(false);
});
