/** Whether something was asked to be changed since a row of clicks at one place began. */
let changeBegun = false;

/** Says that the API is asked to change something. */
export function noteChange(): void {
  changeBegun = true;
}

/**
 * Lets the second click of a double click do nothing where the first began a change: it would ask for the change twice, or
 * hit what the answer has put under the pointer, such as the button that closes the only sight of a key.
 */
export function ignoreSecondClicks(place: EventTarget): void {
  place.addEventListener(
    'click',
    (event) => {
      const { detail } = event as UIEvent;
      if (detail > 1 && changeBegun) {
        event.preventDefault();
        event.stopPropagation();
      }
      // The keyboard clicks with a count of 0: it has no double clicks.
      if (detail === 1) changeBegun = false;
    },
    { capture: true },
  );
}
