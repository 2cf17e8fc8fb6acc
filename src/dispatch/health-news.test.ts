import { expect, it } from 'vitest';
import { createQueue, WEBHOOK } from '../../test/support/webhook-queue.ts';
import type { Settlement } from '../store/settle.ts';
import { learnWritten, withNews } from './health-news.ts';
import type { LiveWebhook } from './live-webhook.ts';

const webhook = { ...WEBHOOK, disableAfterDays: 5 } as LiveWebhook;

const ended = (outcome: Settlement['outcome'], second: number): Settlement =>
  ({
    outcome,
    endedAt: new Date(second * 1000).toISOString(),
    health: outcome === 'delivered' ? 'healthy' : null,
    status: outcome === 'delivered' ? 'delivered' : 'pending',
    statusReason: null,
    failing: null,
    failureRun: null,
  }) as Settlement;

it('failures begin anew after what arrived before them was written late, as the database has forgotten them', () => {
  const queue = createQueue();
  const first = withNews(queue, webhook, ended('failed', 1), 5);
  const arrived = withNews(queue, webhook, ended('delivered', 2), 5);
  const second = withNews(queue, webhook, ended('failed', 3), 5);
  expect([first.failureRun, arrived.health, second.failureRun]).toEqual(['begun', 'healthy', 'begun']);
  learnWritten(queue, second);
  learnWritten(queue, arrived);
  expect(withNews(queue, webhook, ended('failed', 4), 5).failureRun).toBe('begun');
});

it('failures go on after what arrived before them was written in its turn', () => {
  const queue = createQueue();
  withNews(queue, webhook, ended('failed', 1), 5);
  const arrived = withNews(queue, webhook, ended('delivered', 2), 5);
  learnWritten(queue, arrived);
  expect(withNews(queue, webhook, ended('failed', 3), 5).failureRun).toBe('begun');
  expect(withNews(queue, webhook, ended('failed', 4), 5).failureRun).toBe(null);
});
