"""The picture as SVG, made by the server for machines without WebGL2 and for other programs."""
