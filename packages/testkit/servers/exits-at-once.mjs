// Says why on stderr and exits with status 1 before it reads anything.
process.stderr.write('Error: WEATHER_API_KEY is not set\n', () => process.exit(1));
