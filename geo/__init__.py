"""District geography and pure geometry: numbers and shapes in, numbers and shapes out."""
