// An order and its event commit together, or not at all.
//
//   DATABASE_URL=postgres://… WAYBILL_ENCRYPTION_KEY=… node examples/transactional-publish/main.ts
//
// Some other process, such as `waybill serve` on the same database, sends what is published here.
import pg from 'pg';
import { createWaybill } from 'waybill';

interface Order {
  readonly id: string;
  readonly total: number;
}

const databaseUrl = process.env.DATABASE_URL;
if (!databaseUrl) throw new Error('Set DATABASE_URL to the database your orders are in.');

// It only publishes: without `waybill.start()` it sends nothing.
const waybill = await createWaybill({ databaseUrl, logLevel: 'warn' });
const pool = new pg.Pool({ connectionString: databaseUrl });
await pool.query('create table if not exists orders (id text primary key, total numeric check (total >= 0))');

await placeOrder({ id: '1001', total: 49.9 });
await placeOrder({ id: '1002', total: -1 });

await pool.end();
await waybill.stop();

async function placeOrder(order: Order): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    // First the event, to show that it goes when the order does: the database refuses the second order.
    const event = await waybill.publish(client, 'acme', {
      type: 'order.created',
      subject: `order/${order.id}`,
      data: { orderId: order.id, total: order.total },
    });
    await client.query('insert into orders (id, total) values ($1, $2)', [order.id, order.total]);
    await client.query('commit');
    const webhooks = event.deliveries === 1 ? 'webhook' : 'webhooks';
    console.log(
      `order ${order.id}: committed, its event ${event.id} goes to ${event.deliveries} ${webhooks}`,
    );
  } catch (error) {
    await client.query('rollback');
    const why = order.total < 0 ? 'its total is negative' : String(error);
    console.log(`order ${order.id}: rolled back (${why}); there is no event`);
  } finally {
    client.release();
  }
}
