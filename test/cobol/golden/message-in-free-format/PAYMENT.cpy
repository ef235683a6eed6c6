*> A payment message
01 payment-message. *> lower case is as good
   05 pm-amount pic +9(10).99.
   05 pm-shown pic Z(13).99.
   05 pm-rate comp-2.
   05 pm-callback pointer.
   05 pm-count pic 9.
   05 pm-lines occurs 0 to 9 depending on pm-count.
      10 pm-text-count pic 9.
      10 pm-text pic x(20) occurs 1 to 3 depending on pm-text-count.
   05 pm-end pic n(2).
66 pm-numbers renames pm-amount thru pm-rate.
