/** One day of a forecast; temperatures in degrees Celsius. */
export type Day = {
  readonly day: string;
  readonly low: number;
  readonly high: number;
  readonly sky: string;
};

/** A warning for a part of a state. */
export type Alert = {
  readonly event: string;
  readonly area: string;
  readonly severity: string;
  readonly advice: string;
};

/** The same weather every day, so that a run can be repeated. */
export const forecasts: Readonly<Record<string, readonly Day[]>> = {
  'New York': [
    { day: 'today', low: 14, high: 22, sky: 'sunny' },
    { day: 'tomorrow', low: 12, high: 18, sky: 'light rain' },
    { day: 'the day after', low: 9, high: 16, sky: 'cloudy' },
  ],
  'San Francisco': [
    { day: 'today', low: 11, high: 17, sky: 'fog, then sun' },
    { day: 'tomorrow', low: 11, high: 18, sky: 'sunny' },
    { day: 'the day after', low: 12, high: 19, sky: 'sunny' },
  ],
  Paris: [
    { day: 'today', low: 8, high: 15, sky: 'showers' },
    { day: 'tomorrow', low: 7, high: 14, sky: 'cloudy' },
    { day: 'the day after', low: 9, high: 17, sky: 'sunny' },
  ],
  Tokyo: [
    { day: 'today', low: 19, high: 26, sky: 'humid' },
    { day: 'tomorrow', low: 20, high: 27, sky: 'thunderstorms' },
    { day: 'the day after', low: 18, high: 24, sky: 'cloudy' },
  ],
};

/** Alerts by the two-letter code of a US state; a state that is not named here has none. */
export const alerts: Readonly<Record<string, readonly Alert[]>> = {
  CA: [
    {
      event: 'Heat Advisory',
      area: 'Central Valley',
      severity: 'Moderate',
      advice: 'Drink water and stay out of the sun at noon.',
    },
    {
      event: 'Red Flag Warning',
      area: 'Los Angeles County',
      severity: 'Severe',
      advice: 'No open fire outdoors.',
    },
  ],
  TX: [
    {
      event: 'Flash Flood Watch',
      area: 'Harris County',
      severity: 'Severe',
      advice: 'Do not drive through flooded streets.',
    },
  ],
};
