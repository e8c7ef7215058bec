"""Room: dated rules of countries: tax rates, waiting times, fee caps and interest, each with its source."""
