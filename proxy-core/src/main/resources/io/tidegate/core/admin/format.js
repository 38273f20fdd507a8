// Figures as text.

export const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export const millis = (value) => {
  if (!value) return '–';
  if (value < 10) return `${value.toFixed(1)} ms`;
  return value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`;
};

export const millisOnAxis = (value) => (value >= 1000 ? `${+(value / 1000).toFixed(1)} s` : `${+value.toFixed(2)} ms`);

export const bytes = (value) => {
  if (value < 0) return '–';
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let at = 0;
  for (; value >= 1024 && at < units.length - 1; at++) value /= 1024;
  return `${value < 10 && at > 0 ? value.toFixed(1) : value.toFixed(0)} ${units[at]}`;
};

export const seconds = (value) => {
  const sign = value < 0 ? '−' : '';
  const whole = Math.abs(Math.round(value));
  if (whole < 120) return `${sign}${whole} s`;
  if (whole < 7200) return `${sign}${Math.round(whole / 60)} min`;
  return whole < 172800 ? `${sign}${Math.round(whole / 3600)} h` : `${sign}${Math.round(whole / 86400)} d`;
};

export const short = (value) => {
  if (value >= 1e6) return `${+(value / 1e6).toFixed(1)}M`;
  return value >= 1e4 ? `${+(value / 1e3).toFixed(1)}k` : `${+value.toFixed(value < 1 ? 2 : 1)}`;
};

export const percent = (part) => `${(part * 100).toFixed(part > 0.995 || part < 0.0005 ? 0 : 1)}%`;
