import { Announced } from './announced.ts';
import type { SeenAnswer, SeenNotification, SeenRequest } from './check.ts';
import { PastRequests } from './past-requests.ts';
import { Subscriptions } from './subscriptions.ts';
import { ToolCatalogue } from './tool-catalogue.ts';

/**
 * What several checks have to know of what went before on a connection. A check only asks it. It has taken an answer or
 * a notification before a check is shown it, and takes a request, and the end of the process, afterwards.
 */
export class Past {
  readonly requests: PastRequests = new PastRequests();
  readonly announced: Announced = new Announced();
  readonly tools: ToolCatalogue = new ToolCatalogue();
  readonly subscriptions: Subscriptions = new Subscriptions();

  request(seen: SeenRequest): void {
    this.requests.keep(seen.asked, seen.frame.bytes.length);
    this.subscriptions.request(seen);
  }

  notification(seen: SeenNotification): void {
    this.tools.notification(seen);
    this.subscriptions.notification(seen);
  }

  answer(seen: SeenAnswer): void {
    this.announced.take(seen);
    this.tools.answer(seen);
    this.subscriptions.answer(seen);
  }

  exit(): void {
    this.subscriptions.clear();
  }
}
